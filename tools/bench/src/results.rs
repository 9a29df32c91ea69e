//! Medians and ratios of all rounds, as a table and as JSON.

use std::fmt;

use serde::Serialize;

use crate::{
    kind::Kind,
    measure::{Cost, Sample},
    options::{Options, Through},
};

/// Paced, ours may cost this many times what the limit costs.
const PACED_TO_RAW: f64 = 1.1;

/// Flat out, ours may cost this part of what the textbook costs.
const FLAT_OUT_TO_TEXTBOOK: f64 = 0.45;

/// Paced, the one that gathers may cost this part of what the limit costs which writes each message by itself: by messages a
/// second, from that many on.
const GATHERING_TO_RAW: [(u32, f64); 3] = [(200, 0.25), (60, 0.4), (0, 1.2)];

/// What a change may cost: ours may cost this many times what the version before does.
const TO_BEFORE: f64 = 1.1;

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// Rounds.
    pub rounds: u32,
    /// Sockets over both processes.
    pub sockets: u32,
    /// What stood before the servers.
    pub through: Through,
    /// Messages a second in the paced mode.
    pub rate: u32,
    /// Messages in flight in the flat-out mode.
    pub window: u32,
    /// What was measured, in order.
    pub samples: Vec<Sample>,
    /// The medians of each server.
    pub servers: Vec<Medians>,
    /// How ours compares, with what was asked for.
    pub ratios: Vec<Ratio>,
}

/// The medians of one server.
#[derive(Clone, Debug, Serialize)]
pub struct Medians {
    /// Which server.
    pub server: Kind,
    /// Processor seconds for a million deliveries, paced.
    pub paced: f64,
    /// The proxy's part of that.
    pub paced_proxy: f64,
    /// The same as `paced`, flat out.
    pub flat_out: f64,
    /// Deliveries for a second of the processor, flat out.
    pub deliveries_per_cpu_second: f64,
    /// Deliveries in a second of wall-clock time, flat out.
    pub deliveries_per_second: f64,
    /// Median of the latency when paced, in milliseconds.
    pub paced_p50: f64,
    /// 99th percentile of the latency when paced, in milliseconds.
    pub paced_p99: f64,
    /// Bytes of memory for each idle socket.
    pub bytes_per_socket: f64,
    /// The same after the flat-out mode.
    pub bytes_per_socket_used: f64,
    /// Bytes of memory for each idle socket in the proxy.
    pub proxy_bytes_per_socket: f64,
    /// Bytes a second that a socket is told of who is here, while all others come.
    pub presence_bytes_per_second: f64,
}

/// Ours by another server, each round with its own neighbour.
#[derive(Clone, Debug, Serialize)]
pub struct Ratio {
    /// What is compared.
    pub name: &'static str,
    /// Ratio of the medians.
    pub of_medians: f64,
    /// The smallest ratio of a round.
    pub least: f64,
    /// The largest ratio of a round.
    pub most: f64,
    /// What it may be at most.
    pub target: f64,
    /// Whether it is.
    pub holds: bool,
}

impl Results {
    pub(crate) fn of(options: &Options, samples: Vec<Sample>) -> Results {
        let kinds = options.kinds().into_iter();
        let servers = kinds.map(|kind| Medians::of(kind, &samples)).collect();
        let paced: fn(&Sample) -> f64 = |sample| sample.paced.per_million;
        let flat_out: fn(&Sample) -> f64 = |sample| sample.flat_out.per_million;
        let ratio = |name, to, number, most| ratio(name, to, number, most, &samples);
        let (raw, textbook) = (Kind::Raw, Kind::Textbook);
        let before = Kind::Before;
        let ratios = [
            ratio("paced, ours / raw", raw, paced, PACED_TO_RAW),
            ratio_between(
                "paced, gathering / raw",
                (Kind::Gathering, raw),
                paced,
                gathering_to_raw(options.rate),
                &samples,
            ),
            ratio(
                "flat out, ours / textbook",
                textbook,
                flat_out,
                FLAT_OUT_TO_TEXTBOOK,
            ),
            ratio("paced, ours / before", before, paced, TO_BEFORE),
            ratio("flat out, ours / before", before, flat_out, TO_BEFORE),
        ];
        Results {
            rounds: options.rounds,
            sockets: options.sockets,
            through: options.through,
            rate: options.rate,
            window: options.window,
            servers,
            ratios: ratios.into_iter().flatten().collect(),
            samples,
        }
    }

    /// Whether every ratio is what it may be at most.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.ratios.iter().all(|ratio| ratio.holds)
    }
}

impl Medians {
    fn of(server: Kind, samples: &[Sample]) -> Medians {
        let of = |number: fn(&Sample) -> f64| {
            let own = samples.iter().filter(|sample| sample.server == server);
            median(own.map(number).collect())
        };
        let rate = |cost: &Cost| cost.deliveries as f64 / cost.cpu_seconds;
        let own = samples.iter().filter(|sample| sample.server == server);
        Medians {
            server,
            paced: of(|sample| sample.paced.per_million),
            paced_proxy: of(|sample| {
                sample.paced.per_million * sample.paced.proxy_cpu_seconds / sample.paced.cpu_seconds
            }),
            flat_out: of(|sample| sample.flat_out.per_million),
            deliveries_per_cpu_second: median(own.map(|sample| rate(&sample.flat_out)).collect()),
            deliveries_per_second: of(|sample| sample.flat_out.deliveries_per_second),
            paced_p50: of(|sample| sample.paced.latency.p50),
            paced_p99: of(|sample| sample.paced.latency.p99),
            bytes_per_socket: of(|sample| sample.bytes_per_socket),
            bytes_per_socket_used: of(|sample| sample.bytes_per_socket_used),
            proxy_bytes_per_socket: of(|sample| sample.proxy_bytes_per_socket),
            presence_bytes_per_second: of(|sample| sample.presence_bytes_per_second),
        }
    }
}

/// None unless both servers were measured.
fn ratio(
    name: &'static str,
    other: Kind,
    number: fn(&Sample) -> f64,
    target: f64,
    samples: &[Sample],
) -> Option<Ratio> {
    ratio_between(name, (Kind::Ours, other), number, target, samples)
}

fn ratio_between(
    name: &'static str,
    (ours, other): (Kind, Kind),
    number: fn(&Sample) -> f64,
    target: f64,
    samples: &[Sample],
) -> Option<Ratio> {
    let of = |kind| -> Vec<f64> {
        let samples = samples.iter().filter(|sample| sample.server == kind);
        samples.map(number).collect()
    };
    let (ours, theirs) = (of(ours), of(other));
    if ours.is_empty() || theirs.is_empty() {
        return None;
    }
    let paired = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs);
    let of_medians = median(ours.clone()) / median(theirs.clone());
    Some(Ratio {
        name,
        of_medians,
        least: paired.clone().fold(f64::INFINITY, f64::min),
        most: paired.fold(0.0, f64::max),
        target,
        holds: of_medians <= target,
    })
}

fn gathering_to_raw(rate: u32) -> f64 {
    let mut steps = GATHERING_TO_RAW.iter();
    let step = steps.find(|(from, _)| rate >= *from);
    step.map_or(f64::INFINITY, |(_, target)| *target)
}

/// The middle one, or half-way between the two in the middle. 0 of none.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => 0.0,
        length if length % 2 == 1 => numbers[middle],
        _ => f64::midpoint(numbers[middle - 1], numbers[middle]),
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sockets on two processes, {}, medians of {} rounds\n",
            self.sockets,
            match self.through {
                Through::Nothing => "nothing before them",
                Through::Traefik => "through Traefik, which counts",
            },
            self.rounds
        )?;
        writeln!(
            f,
            "            CPU s per million deliveries             p50, p99    KB of memory a socket   B/s of who"
        )?;
        writeln!(
            f,
            "server       paced {:>3}/s  (proxy)   flat out     paced, ms     idle   used  (proxy)    is here",
            self.rate
        )?;
        for server in &self.servers {
            writeln!(
                f,
                "{:<12}{:>10.2}{:>10.2}{:>11.2}{:>8.1}{:>7.1}{:>8.1}{:>7.1}{:>9.1}{:>11.0}",
                server.server,
                server.paced,
                server.paced_proxy,
                server.flat_out,
                server.paced_p50,
                server.paced_p99,
                server.bytes_per_socket / 1e3,
                server.bytes_per_socket_used / 1e3,
                server.proxy_bytes_per_socket / 1e3,
                server.presence_bytes_per_second,
            )?;
        }
        writeln!(f)?;
        for ratio in &self.ratios {
            writeln!(
                f,
                "{:<28}{:.2} ({:.2} to {:.2} in single rounds), at most {:.2}: {}",
                ratio.name,
                ratio.of_medians,
                ratio.least,
                ratio.most,
                ratio.target,
                if ratio.holds {
                    "holds"
                } else {
                    "DOES NOT HOLD"
                }
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use load::Latency;

    fn sample(server: Kind, per_million: f64) -> Sample {
        let cost = Cost {
            deliveries: 1_000_000,
            cpu_seconds: per_million,
            proxy_cpu_seconds: 0.0,
            per_million,
            deliveries_per_second: 1.0,
            latency: Latency::default(),
        };
        Sample {
            server,
            paced: cost,
            flat_out: cost,
            bytes_per_socket: 0.0,
            bytes_per_socket_used: 0.0,
            proxy_bytes_per_socket: 0.0,
            presence_bytes_per_second: 0.0,
        }
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 9.0]), 3.0);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn each_round_is_compared_with_its_own_neighbour() {
        let samples: Vec<Sample> = [(2.0, 1.0), (3.0, 3.0), (8.0, 4.0)]
            .iter()
            .flat_map(|(ours, raw)| [sample(Kind::Ours, *ours), sample(Kind::Raw, *raw)])
            .collect();
        let ratio = ratio("", Kind::Raw, |s| s.paced.per_million, 1.2, &samples).unwrap();
        assert_eq!(
            (ratio.of_medians, ratio.least, ratio.most, ratio.holds),
            (1.0, 1.0, 2.0, true)
        );
        assert!(super::ratio("", Kind::Textbook, |s| s.paced.per_million, 1.0, &samples).is_none());
    }
}
