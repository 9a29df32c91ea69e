//! Runs a panel's queries, and makes of the answers what its kind shows.

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::{
    dashboard::{Kind, Panel, SourceKind, Target},
    engine::{Engine, Labels},
    macros::expand,
    window::Window,
};

/// What a panel shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Data {
    /// Lines over time.
    Lines {
        /// Each with its name.
        lines: Vec<NamedLine>,
    },
    /// One number, if there is one.
    Number {
        /// The number, in the unit of the panel.
        value: Option<f64>,
    },
    /// Labels and a number in each row.
    Rows {
        /// The names of the labels.
        columns: Vec<String>,
        /// In the order in which the engine gave them.
        rows: Vec<Row>,
    },
}

/// A line with its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedLine {
    /// The name, made of its labels.
    pub name: String,
    /// The labels.
    #[serde(skip)]
    pub labels: Labels,
    /// When, in seconds since 1970, and what.
    pub points: Vec<(f64, f64)>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// One for each column; empty where the series does not have this label.
    pub labels: Vec<String>,
    /// The number, in the unit of the panel.
    pub value: f64,
}

/// Asks what a panel asks, and gives what it shows.
///
/// # Errors
/// When the engine does not answer, refuses a query, or gives something else than the panel can show.
pub async fn run(panel: &Panel, engine: &Engine, window: &Window) -> anyhow::Result<Data> {
    // Another kind of source is asked otherwise, and the compiler leads whoever adds one to here.
    match panel.datasource.kind {
        SourceKind::Prometheus => {}
    }
    match panel.kind {
        Kind::Timeseries => lines(panel, engine, window).await,
        Kind::Stat => number(panel, engine, window).await,
        Kind::Table => rows(panel, engine, window).await,
    }
}

impl Data {
    /// Whether there is anything to show. A number that is no number is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Data::Lines { lines } => lines.iter().all(|line| line.points.is_empty()),
            Data::Number { value } => value.is_none_or(f64::is_nan),
            Data::Rows { rows, .. } => rows.is_empty(),
        }
    }
}

async fn lines(panel: &Panel, engine: &Engine, window: &Window) -> anyhow::Result<Data> {
    let mut lines = Vec::new();
    for target in &panel.targets {
        let query = expand(&target.expr, window)?;
        for line in engine.range(&query, window).await? {
            lines.push(NamedLine {
                name: name(target, &line.labels),
                labels: line.labels,
                points: line.points,
            });
        }
    }
    Ok(Data::Lines { lines })
}

async fn number(panel: &Panel, engine: &Engine, window: &Window) -> anyhow::Result<Data> {
    let found = samples(panel, engine, window).await?;
    ensure!(
        found.len() <= 1,
        "the query gives {} series, and the panel shows one number",
        found.len()
    );
    let value = found.first().map(|sample| sample.value);
    Ok(Data::Number { value })
}

async fn rows(panel: &Panel, engine: &Engine, window: &Window) -> anyhow::Result<Data> {
    let found = samples(panel, engine, window).await?;
    let mut columns: Vec<String> = Vec::new();
    for label in found.iter().flat_map(|sample| sample.labels.keys()) {
        if label != "__name__" && !columns.contains(label) {
            columns.push(label.clone());
        }
    }
    let rows = found.into_iter().map(|sample| Row {
        labels: columns
            .iter()
            .map(|label| sample.labels.get(label).cloned().unwrap_or_default())
            .collect(),
        value: sample.value,
    });
    Ok(Data::Rows {
        rows: rows.collect(),
        columns: columns.clone(),
    })
}

async fn samples(
    panel: &Panel,
    engine: &Engine,
    window: &Window,
) -> anyhow::Result<Vec<crate::engine::Sample>> {
    let target = panel.targets.first().context("the panel asks nothing")?;
    let query = expand(&target.expr, window)?;
    engine.instant(&query, window.to).await
}

/// What a line is called: its target says so, or its labels do.
fn name(target: &Target, labels: &Labels) -> String {
    let format = &target.legend_format;
    if !format.is_empty() && format != "__auto" {
        let mut name = format.clone();
        for (label, value) in labels {
            name = name.replace(&format!("{{{{{label}}}}}"), value);
        }
        return name;
    }
    let named = labels.iter().filter(|(label, _)| *label != "__name__");
    let named: Vec<String> = named
        .map(|(label, value)| format!("{label}={value}"))
        .collect();
    if named.is_empty() {
        return labels.get("__name__").cloned().unwrap_or_default();
    }
    named.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(legend_format: &str) -> Target {
        Target {
            expr: String::new(),
            legend_format: legend_format.to_owned(),
            instant: false,
        }
    }

    #[test]
    fn a_line_is_called_after_its_labels() {
        let labels = [("__name__", "up"), ("job", "webserver"), ("status", "2xx")];
        let labels: Labels = labels
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let cases = [
            ("{{job}} {{status}}", "webserver 2xx"),
            ("{{nobody}} late", "{{nobody}} late"),
            ("__auto", "job=webserver status=2xx"),
            ("", "job=webserver status=2xx"),
        ];
        for (format, expected) in cases {
            assert_eq!(name(&target(format), &labels), expected);
        }
        let bare = Labels::from([("__name__".to_owned(), "up".to_owned())]);
        assert_eq!(name(&target(""), &bare), "up");
    }

    #[test]
    fn no_number_is_nothing_to_show() {
        assert!(Data::Number { value: None }.is_empty());
        let not_a_number = Data::Number {
            value: Some(f64::NAN),
        };
        assert!(not_a_number.is_empty());
        assert!(!Data::Number { value: Some(0.0) }.is_empty());
    }
}
