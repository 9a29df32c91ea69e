//! The files of Grafana's dashboards, as far as they are used here.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::{macros::expand, window::Window};

/// All boards of a folder, in the order of their titles.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Boards(Vec<Board>);

/// One board.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Board {
    /// What it is called in an address. It never changes.
    pub uid: String,
    /// What it is called on the page.
    pub title: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// What stands on it, in the order of the file.
    pub panels: Vec<Panel>,
}

/// One panel of a board.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// Its number, which is its own on its board.
    pub id: u32,
    /// What it shows, in a few words.
    pub title: String,
    /// The same for somebody who sees it for the first time.
    pub description: String,
    /// How it shows it.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whom it asks.
    #[serde(skip_serializing)]
    pub datasource: Source,
    /// What it asks.
    #[serde(skip_serializing)]
    pub targets: Vec<Target>,
    /// Where on the board it is.
    pub grid_pos: Place,
    /// How its values are written.
    pub field_config: FieldConfig,
}

/// How a panel shows what it has found. There are more in Grafana; whoever wants one writes it in here first.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Lines over time.
    Timeseries,
    /// One number.
    Stat,
    /// Labels and a number in each row.
    Table,
}

/// A data source. Each is provisioned under a name that never changes.
#[derive(Clone, Debug, Deserialize)]
pub struct Source {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: SourceKind,
    /// Its name in Grafana.
    pub uid: String,
}

/// What a data source is. A database would be another one, with queries in another language.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Prometheus, or what speaks as it does.
    Prometheus,
}

/// One query of a panel.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The query, with Grafana's variables.
    pub expr: String,
    /// What its lines are called, with labels as `{{label}}`.
    #[serde(default)]
    pub legend_format: String,
    /// Whether it asks for one moment and not for a span of time.
    #[serde(default)]
    pub instant: bool,
}

/// Where a panel is, on a grid of 24 columns.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Place {
    /// The column.
    pub x: u32,
    /// The row.
    pub y: u32,
    /// Its width, in columns.
    pub w: u32,
    /// Its height, in rows.
    pub h: u32,
}

/// How values are written.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FieldConfig {
    /// Grafana's settings for all values of the panel: their unit, and from where on they are bad.
    pub defaults: serde_json::Value,
}

impl Boards {
    /// Reads every dashboard in `folder`.
    ///
    /// # Errors
    /// When one is not understood, or says what cannot be shown here. The message names the file.
    pub fn load(folder: &Path) -> anyhow::Result<Boards> {
        let mut boards = Vec::new();
        let entries = fs::read_dir(folder);
        for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let board = fs::read_to_string(&path)
                    .map_err(anyhow::Error::from)
                    .and_then(|text| Board::read(&text));
                boards.push(board.with_context(|| format!("{} is no board", path.display()))?);
            }
        }
        ensure!(
            !boards.is_empty(),
            "there is no dashboard in {}",
            folder.display()
        );
        let uids: BTreeSet<&str> = boards.iter().map(|board| board.uid.as_str()).collect();
        ensure!(uids.len() == boards.len(), "two boards have the same uid");
        boards.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(Boards(boards))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Board> {
        self.0.iter()
    }

    /// One panel of one board.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn panel(&self, board: &str, panel: u32) -> anyhow::Result<&Panel> {
        let mut boards = self.iter();
        let found = boards.find(|candidate| candidate.uid == board);
        let mut panels = found.into_iter().flat_map(|board| &board.panels);
        let panel = panels.find(|candidate| candidate.id == panel);
        panel.context("there is no such panel")
    }
}

impl Board {
    /// Reads one dashboard.
    ///
    /// # Errors
    /// When it is not understood, or says what cannot be shown here.
    pub fn read(text: &str) -> anyhow::Result<Board> {
        let board: Board = serde_json::from_str(text)?;
        let ids: BTreeSet<u32> = board.panels.iter().map(|panel| panel.id).collect();
        ensure!(
            ids.len() == board.panels.len(),
            "two panels have the same id"
        );
        for panel in &board.panels {
            panel
                .check()
                .with_context(|| format!("panel {} ({}) cannot be shown", panel.id, panel.title))?;
        }
        Ok(board)
    }
}

impl Panel {
    /// Whether it says what it must, so that nobody has to look at it to see that it works.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.targets.is_empty(), "it asks nothing");
        let one = self.kind == Kind::Timeseries || self.targets.len() == 1;
        ensure!(one, "a number or a table is the answer to one query");
        for target in &self.targets {
            expand(
                &target.expr,
                &Window::until_now(crate::window::Span::default()),
            )?;
            ensure!(
                target.instant == (self.kind != Kind::Timeseries),
                "lines are asked over time, and numbers and tables for one moment (\"instant\": true)"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn board() -> Value {
        json!({
            "uid": "a", "title": "A", "description": "",
            "panels": [{
                "id": 1, "title": "Up", "description": "", "type": "stat",
                "datasource": { "type": "prometheus", "uid": "prometheus" },
                "targets": [{ "refId": "A", "expr": "sum(up)", "instant": true }],
                "gridPos": { "x": 0, "y": 0, "w": 6, "h": 4 },
                "fieldConfig": { "defaults": { "unit": "short" }, "overrides": [] },
            }],
        })
    }

    #[test]
    fn the_boards_of_this_repository_are_understood() {
        let folder = stack::workspace_root().join("observability/dashboards");
        let boards = Boards::load(&folder).unwrap();
        let uids: Vec<&str> = boards.iter().map(|board| board.uid.as_str()).collect();
        for uid in ["chat", "machine", "matches", "requests"] {
            assert!(uids.contains(&uid), "{uids:?}");
        }
        assert!(boards.panel("requests", 1).is_ok());
        assert!(boards.panel("requests", 999).is_err());
        assert!(boards.panel("nobody", 1).is_err());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(Board::read(&board().to_string()).is_ok());
        let cases = [
            ("/panels/0/type", json!("gauge"), "unknown variant `gauge`"),
            ("/panels/0/type", json!("timeseries"), "over time"),
            ("/panels/0/datasource/type", json!("loki"), "`loki`"),
            ("/panels/0/targets/0/expr", json!("up{a=\"$a\"}"), "$a"),
            ("/panels/0/targets", json!([]), "it asks nothing"),
        ];
        for (place, value, reason) in cases {
            let mut board = board();
            *board.pointer_mut(place).unwrap() = value;
            let error = format!("{:#}", Board::read(&board.to_string()).unwrap_err());
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn names_are_not_given_twice() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Boards::load(folder.path()).is_err());
        for name in ["a.json", "b.json"] {
            fs::write(folder.path().join(name), board().to_string()).unwrap();
        }
        let error = Boards::load(folder.path()).unwrap_err();
        assert!(error.to_string().contains("same uid"), "{error}");
        let mut twice = board();
        let panel = twice["panels"][0].clone();
        twice["panels"].as_array_mut().unwrap().push(panel);
        assert!(Board::read(&twice.to_string()).is_err());
    }
}
