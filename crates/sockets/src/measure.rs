//! Sockets as numbers. Nothing is counted for them: what the sockets have counted anyway is read.

use std::sync::Arc;

use metrics::{Kind, Labels, read};
use protocol::CloseReason;

use crate::{connections::Connections, tally::Tally};

/// Whoever went by themselves, or whose connection was lost.
const GONE: &str = "gone";

impl Connections {
    /// Has these sockets measured from now on, under the name of what is said over them.
    pub fn measure(&self, channel: &'static str) {
        let one = move |number: u64| vec![(labels(channel), number as f64)];
        let tally = Arc::clone(&self.tally);
        read(
            Kind::Gauge,
            "sockets_open",
            "Sockets that are open.",
            move || one(tally.open()),
        );
        let tally = Arc::clone(&self.tally);
        read(
            Kind::Counter,
            "sockets_opened",
            "Sockets that were opened.",
            move || one(tally.all_opened()),
        );
        let tally = Arc::clone(&self.tally);
        read(
            Kind::Counter,
            "outbound_overflows",
            "Clients that were cut off, because they did not keep up with what they were told.",
            move || one(tally.all_closed(Some(CloseReason::TooSlow))),
        );
        let tally = Arc::clone(&self.tally);
        let reasons = reasons();
        read(
            Kind::Counter,
            "sockets_closed",
            "Sockets that were closed.",
            move || closed(channel, &reasons, &tally),
        );
    }
}

fn labels(channel: &'static str) -> Labels {
    vec![("channel", channel)]
}

fn closed(
    channel: &'static str,
    reasons: &[(Option<CloseReason>, &'static str)],
    tally: &Tally,
) -> Vec<(Labels, f64)> {
    let of = |(reason, name): &(Option<CloseReason>, &'static str)| {
        let mut labels = labels(channel);
        labels.push(("reason", *name));
        (labels, tally.all_closed(*reason) as f64)
    };
    reasons.iter().map(of).collect()
}

/// All reasons by their names.
fn reasons() -> Vec<(Option<CloseReason>, &'static str)> {
    let known = CloseReason::ALL
        .iter()
        .map(|reason| (Some(*reason), &*name(*reason).leak()));
    std::iter::once((None, GONE)).chain(known).collect()
}

/// `TooSlow` is called `too_slow`.
fn name(reason: CloseReason) -> String {
    let mut name = String::new();
    for letter in format!("{reason:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_name_of_its_own() {
        assert_eq!(name(CloseReason::TooManyBadFrames), "too_many_bad_frames");
        let mut names: Vec<&str> = reasons().iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CloseReason::ALL.len() + 1);
    }
}
