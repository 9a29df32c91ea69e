//! A replica that does nothing but say how it is: every metric that a real one has, with numbers that are known.
//!
//! Each counter grows by a known number a second, so that each panel has one right value.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::State,
    http::header::CONTENT_TYPE,
    routing::{get, post},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use stack::Stack;
use tokio::{net::TcpListener, task::JoinHandle};

/// What it says of itself, and what it was told by Alertmanager.
pub struct Exporter {
    pub id: String,
    told: Arc<Mutex<Vec<Value>>>,
    task: JoinHandle<()>,
}

struct Replica {
    service: &'static str,
    began: Instant,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Exporter {
    /// Starts one, and registers it as a replica registers itself.
    pub async fn start(stack: &Stack, service: &'static str, id: &str) -> anyhow::Result<Exporter> {
        let told = Arc::new(Mutex::default());
        let replica = Arc::new(Replica {
            service,
            began: Instant::now(),
            told: Arc::clone(&told),
        });
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/alerts", post(alerts))
            .with_state(replica);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, router).await;
        });
        let service = json!({
            "Name": service,
            "ID": id,
            "Address": "127.0.0.1",
            "Port": 9,
            "Meta": { "ops_port": port.to_string() },
        });
        put(stack, "register", Some(&service)).await?;
        Ok(Exporter {
            id: id.to_owned(),
            told,
            task,
        })
    }

    /// Takes it out of Consul, and ends it.
    pub async fn leave(&self, stack: &Stack) -> anyhow::Result<()> {
        put(stack, &format!("deregister/{}", self.id), None).await?;
        self.task.abort();
        Ok(())
    }

    /// Ends it, and tells nobody.
    pub fn die(&self) {
        self.task.abort();
    }

    /// What Alertmanager has told it so far.
    pub fn told(&self) -> Vec<Value> {
        self.told.lock().clone()
    }
}

async fn put(stack: &Stack, path: &str, body: Option<&Value>) -> anyhow::Result<()> {
    let consul = stack.server("consul")?.address();
    let request = stack
        .client()
        .put(format!("http://{consul}/v1/agent/service/{path}"));
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.send().await?;
    answer.error_for_status().context("Consul refuses it")?;
    Ok(())
}

async fn alerts(State(replica): State<Arc<Replica>>, Json(body): Json<Value>) {
    replica.told.lock().push(body);
}

async fn metrics(
    State(replica): State<Arc<Replica>>,
) -> ([(axum::http::HeaderName, &'static str); 1], String) {
    let mut text = Text {
        text: String::new(),
        elapsed: replica.began.elapsed(),
    };
    text.common(replica.service);
    match replica.service {
        "webserver" => text.webserver(),
        _ => text.gameserver(),
    }
    text.text.push_str("# EOF\n");
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], text.text)
}

struct Text {
    text: String,
    elapsed: Duration,
}

impl Text {
    /// A counter with one series for each set of labels, each of which grows by so much a second.
    fn counter(&mut self, name: &str, series: &[(&str, f64)]) {
        let _ = writeln!(self.text, "# TYPE {name} counter");
        for (labels, rate) in series {
            let value = (rate * self.elapsed.as_secs_f64()).floor();
            let _ = writeln!(self.text, "{name}_total{{{labels}}} {value}");
        }
    }

    fn gauge(&mut self, name: &str, series: &[(&str, f64)]) {
        let _ = writeln!(self.text, "# TYPE {name} gauge");
        for (labels, value) in series {
            let _ = writeln!(self.text, "{name}{{{labels}}} {value}");
        }
    }

    /// A histogram of a hundred observations a second, of which so many take no longer than each bound.
    fn histogram(&mut self, name: &str, labels: &str, bounds: &[(&str, f64)]) {
        let _ = writeln!(self.text, "# TYPE {name} histogram");
        let seconds = self.elapsed.as_secs_f64();
        let comma = if labels.is_empty() { "" } else { "," };
        for (bound, share) in bounds {
            let value = (share * seconds).floor();
            let _ = writeln!(
                self.text,
                "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {value}"
            );
        }
        let count = (100.0 * seconds).floor();
        let _ = writeln!(self.text, "{name}_sum{{{labels}}} {}", seconds);
        let _ = writeln!(self.text, "{name}_count{{{labels}}} {count}");
    }

    fn common(&mut self, service: &str) {
        let started = self.elapsed.as_secs_f64();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0.0, |now| now.as_secs_f64());
        // A fifth of a core.
        let _ = writeln!(
            self.text,
            "# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total {}",
            0.2 * started
        );
        self.gauge("process_resident_memory_bytes", &[("", 33_554_432.0)]);
        self.gauge("process_open_fds", &[("", 64.0)]);
        self.gauge("process_start_time_seconds", &[("", now - 600.0)]);
        self.gauge("build_info", &[("version=\"0.1.0\"", 1.0)]);
        self.counter("telemetry_records_dropped", &[("", 1.0)]);
        let store = if service == "webserver" {
            "pubsub"
        } else {
            "matches"
        };
        let label = format!("store=\"{store}\"");
        self.gauge("redis_up", &[(&label, 1.0)]);
        self.counter("redis_failures", &[(&label, 2.0)]);
        self.histogram(
            "redis_request_seconds",
            &label,
            &[("0.001", 50.0), ("0.002", 100.0), ("+Inf", 100.0)],
        );
    }

    fn webserver(&mut self) {
        let route = "method=\"GET\",route=\"/api/slow\"";
        // A hundred requests a second, of which five fail, and four are slow.
        self.counter(
            "http_requests",
            &[
                (&format!("{route},status=\"2xx\""), 95.0),
                (&format!("{route},status=\"5xx\""), 5.0),
            ],
        );
        self.histogram(
            "http_request_duration_seconds",
            route,
            &[
                ("0.005", 50.0),
                ("0.1", 90.0),
                ("0.3", 96.0),
                ("0.5", 100.0),
                ("+Inf", 100.0),
            ],
        );
        self.gauge("http_requests_in_flight", &[("", 3.0)]);
        self.counter(
            "logins",
            &[("outcome=\"accepted\"", 4.0), ("outcome=\"refused\"", 1.0)],
        );
        self.gauge("sockets_open", &[("channel=\"chat\"", 20.0)]);
        self.counter("sockets_opened", &[("channel=\"chat\"", 2.0)]);
        self.counter(
            "sockets_closed",
            &[("channel=\"chat\",reason=\"gone\"", 2.0)],
        );
        self.counter("outbound_overflows", &[("channel=\"chat\"", 1.0)]);
        self.counter(
            "messages_published",
            &[
                ("outcome=\"accepted\"", 10.0),
                ("outcome=\"refused\"", 1.0),
                ("outcome=\"failed\"", 1.0),
            ],
        );
        self.counter("messages_delivered", &[("", 200.0)]);
        let fast = [("0.005", 50.0), ("0.01", 100.0), ("+Inf", 100.0)];
        self.histogram("message_fanout_seconds", "", &fast);
        self.counter(
            "play_requests",
            &[("outcome=\"seated\"", 3.0), ("outcome=\"waiting\"", 1.0)],
        );
        self.histogram(
            "play_wait_seconds",
            "",
            &[("1", 50.0), ("2", 100.0), ("+Inf", 100.0)],
        );
    }

    fn gameserver(&mut self) {
        self.gauge(
            "matches",
            &[
                ("phase=\"gathering\"", 1.0),
                ("phase=\"playing\"", 5.0),
                ("phase=\"over\"", 2.0),
            ],
        );
        self.gauge("match_players", &[("", 30.0)]);
        self.gauge("match_capacity", &[("", 50.0)]);
        self.gauge("match_seats_free", &[("", 370.0)]);
        self.gauge("sockets_open", &[("channel=\"game\"", 30.0)]);
        self.counter("matches_started", &[("", 1.0)]);
        self.counter(
            "matches_ended",
            &[("outcome=\"won\"", 1.0), ("outcome=\"drawn\"", 1.0)],
        );
        // Five matches of twenty ticks a second, and one of a hundred is late.
        self.counter("ticks", &[("", 100.0)]);
        self.counter("ticks_late", &[("", 1.0)]);
        let fast = [("0.0001", 50.0), ("0.0002", 100.0), ("+Inf", 100.0)];
        self.histogram("tick_duration_seconds", "", &fast);
        self.counter("tickets", &[("outcome=\"accepted\"", 6.0)]);
    }
}
