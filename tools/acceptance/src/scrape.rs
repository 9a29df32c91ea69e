//! What replicas tell of themselves, asked as a Prometheus asks: by the port that Consul knows.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, ensure};
use serde_json::Value;
use stack::{Stack, until};

/// How soon a number is right that somebody counts a moment after the answer.
const SOON: Duration = Duration::from_secs(10);

/// The numbers of one replica or of several, by series: the name and its labels, as they are told.
#[derive(Clone, Debug, Default)]
pub struct Numbers(BTreeMap<String, f64>);

/// Where the replicas of a service are asked for their numbers, by the replicas' names.
///
/// # Errors
/// When Consul does not know it.
pub async fn ops_ports(stack: &Stack, service: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let consul = stack.server("consul")?.address();
    let url = format!("http://{consul}/v1/catalog/service/{service}");
    let answer = stack.client().get(url).send().await?;
    let known: Vec<Value> = answer.error_for_status()?.json().await?;
    let replicas = known.iter().map(|replica| {
        let id = replica["ServiceID"].as_str().context("no id")?;
        let address = replica["ServiceAddress"].as_str().context("no address")?;
        let port = replica["ServiceMeta"]["ops_port"].as_str();
        let port = port.with_context(|| format!("no ops_port: {replica}"))?;
        Ok((id.to_owned(), format!("{address}:{port}")))
    });
    replicas.collect()
}

/// What all replicas of a service tell, added up.
///
/// # Errors
/// When one of them does not answer, or not with numbers.
pub async fn scrape(stack: &Stack, service: &str) -> anyhow::Result<Numbers> {
    let mut all = Numbers::default();
    let ports = ops_ports(stack, service).await?;
    ensure!(!ports.is_empty(), "Consul knows no {service}");
    for address in ports.values() {
        all.add(&scrape_at(stack, address).await?);
    }
    Ok(all)
}

/// What one replica tells.
///
/// # Errors
/// When it does not answer, or not with numbers.
pub async fn scrape_at(stack: &Stack, address: &str) -> anyhow::Result<Numbers> {
    let url = format!("http://{address}/metrics");
    let answer = stack.client().get(url).send().await?.error_for_status()?;
    Numbers::read(&answer.text().await?)
}

/// Waits until a number that all replicas of a service tell together is this one.
///
/// # Errors
/// When it is not, for some seconds.
pub async fn comes_to(
    stack: &Stack,
    service: &str,
    series: &str,
    expected: f64,
) -> anyhow::Result<()> {
    until(series, SOON, async || {
        let told = scrape(stack, service).await;
        let told = told.and_then(|told| told.get(series));
        let told = told.map_err(|error| format!("{error:#}"))?;
        if told.to_bits() == expected.to_bits() {
            Ok(())
        } else {
            Err(format!("{told} instead of {expected}"))
        }
    })
    .await
}

impl Numbers {
    /// Reads OpenMetrics.
    ///
    /// # Errors
    /// When it is something else, or not all of it.
    pub fn read(text: &str) -> anyhow::Result<Numbers> {
        ensure!(text.ends_with("# EOF\n"), "this has no end: {text:?}");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let read = lines.map(|line| {
            let (series, number) = line.rsplit_once(' ').context("no number")?;
            Ok((series.to_owned(), number.parse()?))
        });
        let read: anyhow::Result<Vec<(String, f64)>> = read.collect();
        let read = read?;
        let count = read.len();
        let numbers: BTreeMap<String, f64> = read.into_iter().collect();
        ensure!(numbers.len() == count, "a series stands there twice");
        Ok(Numbers(numbers))
    }

    /// One number.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, series: &str) -> anyhow::Result<f64> {
        let number = self.0.get(series).copied();
        number.with_context(|| format!("{series} is not told"))
    }

    /// The sum of all numbers of a name whose labels have all of these.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let fits = |series: &str| {
            let own = series.strip_prefix(name);
            let is_name = own.is_some_and(|own| own.is_empty() || own.starts_with('{'));
            is_name && labels.iter().all(|label| series.contains(label))
        };
        let numbers = self.0.iter().filter(|(series, _)| fits(series));
        numbers.map(|(_, number)| number).sum()
    }

    /// All series.
    pub fn series(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn add(&mut self, other: &Numbers) {
        for (series, number) in &other.0 {
            *self.0.entry(series.clone()).or_default() += number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names_and_labels() {
        let text = "# HELP a A.\n# TYPE a counter\na_total{x=\"1\",y=\"2\"} 3\na_total{x=\"2\",y=\"2\"} 4\nab_total 9\n# EOF\n";
        let numbers = Numbers::read(text).unwrap();
        assert_eq!(numbers.sum("a_total", &[]), 7.0);
        assert_eq!(numbers.sum("a_total", &["x=\"1\""]), 3.0);
        assert_eq!(numbers.get("ab_total").unwrap(), 9.0);
        assert!(numbers.get("b").is_err());
        assert!(Numbers::read("a 1\n").is_err());
        assert!(Numbers::read("a 1\na 1\n# EOF\n").is_err());
    }
}
