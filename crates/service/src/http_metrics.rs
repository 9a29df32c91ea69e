//! Requests as numbers: how many, how long they took, how they ended, and how many are on their way.
//!
//! A path is whatever a caller writes, and so is a method: `curl -X ANYTHING` works. So the labels are the route that a request met,
//! of those that the service has named before, and the methods that are known here. Everything else is `other`: all series are
//! there from the start, and nobody can make another one.

use std::{collections::HashMap, sync::OnceLock, time::Instant};

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use metrics::{Counter, Gauge, Histogram, Labels};

/// Bounds of the buckets, in seconds. 0.25 and 0.3 stand on both sides of what we promise: between distant bounds nobody could tell
/// whether it is kept.
const BOUNDS: [f64; 13] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0,
];

const METHODS: [&str; 8] = [
    "GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH", OTHER,
];
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// What was asked in no way that is known here.
const OTHER: &str = "other";

static REQUESTS: OnceLock<Requests> = OnceLock::new();

/// A route of a service, as it is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredRoute {
    /// The methods that it answers.
    pub methods: &'static [&'static str],
    /// The route as the router has it, which may have a name in it that only this process has.
    pub path: String,
    /// The same for all processes.
    pub label: &'static str,
}

/// What was answered.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// The method, or `other`.
    pub method: &'static str,
    /// The route, or `other`.
    pub route: &'static str,
    /// The status.
    pub status: StatusCode,
    /// What was wrong, as one word for programs, if something was.
    pub code: Option<&'static str>,
}

/// The word of an error, which goes along with its answer as far as here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub &'static str);

struct Requests {
    /// By the router's path and the method.
    by_route: HashMap<String, Vec<(&'static str, Series)>>,
    /// What met none of these, by the method.
    others: Vec<(&'static str, Series)>,
    in_flight: Gauge,
    answered: fn(&Answered),
}

/// All that is counted of one route and one method.
#[derive(Clone)]
struct Series {
    route: &'static str,
    counts: [Counter; STATUSES.len()],
    seconds: Histogram,
}

/// Has requests measured from now on. `answered` is told of each of them, and must not wait for anything.
pub fn measure_requests(routes: &[MeasuredRoute], answered: fn(&Answered)) {
    REQUESTS.get_or_init(|| Requests::new(routes, answered));
}

/// Measures a request. Health checks are left out: they come every second or two, and would hide what players have.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let path = metrics::route_of(request.extensions());
    let is_health_check = path.is_some_and(|path| path.starts_with("/health/"));
    let Some(requests) = REQUESTS.get().filter(|_| !is_health_check) else {
        return next.run(request).await;
    };
    let (method, series) = requests.series(path, request.method());
    let begun = Instant::now();
    let on_its_way = OnItsWay::new(&requests.in_flight);
    let response = next.run(request).await;
    drop(on_its_way);
    series.seconds.observe(begun.elapsed().as_secs_f64());
    let status = response.status();
    series.counts[class(status)].inc();
    let code = response.extensions().get().map(|Code(code)| *code);
    (requests.answered)(&Answered {
        method,
        route: series.route,
        status,
        code,
    });
    response
}

/// A request on its way, until this is dropped: some clients go before they are answered.
struct OnItsWay<'a>(&'a Gauge);

impl OnItsWay<'_> {
    fn new(in_flight: &Gauge) -> OnItsWay<'_> {
        in_flight.inc();
        OnItsWay(in_flight)
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Requests {
    fn new(routes: &[MeasuredRoute], answered: fn(&Answered)) -> Requests {
        let mut told = Vec::new();
        let mut of = |methods: &[&'static str], route| {
            let series = methods.iter().map(|method| {
                let series = Series::new(route);
                told.push((*method, series.clone()));
                (*method, series)
            });
            series.collect::<Vec<_>>()
        };
        let others = of(&METHODS, OTHER);
        let by_route = routes
            .iter()
            .map(|route| (route.path.clone(), of(route.methods, route.label)))
            .collect();
        tell(&told);
        let in_flight = metrics::gauge(
            "http_requests_in_flight",
            "Requests that have come and are not answered yet.",
        );
        Requests {
            by_route,
            others,
            in_flight,
            answered,
        }
    }

    /// What is counted of such a request, and the name of its method.
    fn series(&self, path: Option<&str>, method: &Method) -> (&'static str, &Series) {
        let of = |series: &'_ [(&'static str, Series)], method: &str| {
            series.iter().position(|(of, _)| *of == method)
        };
        let method = method.as_str();
        let known = path.and_then(|path| self.by_route.get(path));
        let found = known.and_then(|series| Some((series, of(series, method)?)));
        let (series, at) = found.unwrap_or_else(|| {
            let at = of(&self.others, method).unwrap_or(self.others.len() - 1);
            (&self.others, at)
        });
        (series[at].0, &series[at].1)
    }
}

impl Series {
    fn new(route: &'static str) -> Series {
        Series {
            route,
            counts: std::array::from_fn(|_| Counter::default()),
            seconds: Histogram::new(BOUNDS),
        }
    }
}

/// Where a status stands among [`STATUSES`]. With 101 a socket begins, and that is a success.
fn class(status: StatusCode) -> usize {
    usize::from(status.as_u16() / 100).clamp(2, 5) - 2
}

fn tell(told: &[(&'static str, Series)]) {
    let mut counts = Vec::new();
    let mut seconds = Vec::new();
    for (method, series) in told {
        let labels: Labels = vec![("method", *method), ("route", series.route)];
        for (status, count) in STATUSES.iter().zip(&series.counts) {
            let mut labels = labels.clone();
            labels.push(("status", *status));
            counts.push((labels, count.clone()));
        }
        seconds.push((labels, series.seconds.clone()));
    }
    metrics::register("http_requests", "Requests that were answered.", counts);
    metrics::register(
        "http_request_duration_seconds",
        "Seconds from a request to its answer.",
        seconds,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests() -> Requests {
        let routes = [MeasuredRoute {
            methods: &["GET", "POST"],
            path: "/game/gs-1/".to_owned(),
            label: "/game/{server}/",
        }];
        Requests::new(&routes, |_| {})
    }

    #[test]
    fn what_a_caller_may_choose_is_one_series() {
        let requests = requests();
        let series = |path, method: &str| {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let (method, series) = requests.series(path, &method);
            (method, series.route)
        };
        let own = Some("/game/gs-1/");
        assert_eq!(series(own, "GET"), ("GET", "/game/{server}/"));
        // The route does not answer these, and nobody may make a series of each.
        assert_eq!(series(own, "DELETE"), ("DELETE", OTHER));
        for method in ["EVIL1", "EVIL2", "get"] {
            assert_eq!(series(own, method), (OTHER, OTHER));
        }
        assert_eq!(series(Some("/game/gs-2/"), "GET"), ("GET", OTHER));
        assert_eq!(series(None, "GET"), ("GET", OTHER));
    }

    #[test]
    fn each_status_is_in_a_class() {
        for (status, expected) in [
            (101, "2xx"),
            (200, "2xx"),
            (304, "3xx"),
            (404, "4xx"),
            (503, "5xx"),
            (999, "5xx"),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(STATUSES[class(status)], expected, "{status}");
        }
    }
}
