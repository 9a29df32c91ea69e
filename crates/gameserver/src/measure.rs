//! This game server as numbers. Most are read from what the matches count anyway; per tick one clock is looked at.

use std::sync::Arc;

use metrics::{Kind, Labels, read};
use service::{MeasuredRoute, measure_requests};
use telemetry::{stores, waits::Server};

use crate::{
    app::App,
    matches::{counters::Counter, rooms::Rooms, timing},
};

/// Has this server measured from now on.
pub fn start(app: &Arc<App>) {
    timing::begin();
    stores::measure(&[Server::Matches]);
    app.connections.measure("game");
    measure_requests(&routes(&app.link.server.to_string()), |_| {});
    measure_counters(&app.rooms);
    measure_census(&app.rooms);
}

/// The routes of this server. Its own name stands in them, and must not stand in a label: each start of a server has another.
fn routes(server: &str) -> [MeasuredRoute; 3] {
    let route = |path, label| MeasuredRoute {
        methods: &["GET"],
        path,
        label,
    };
    [
        route("/game/".to_owned(), "/game/"),
        route(format!("/game/{server}/"), "/game/{server}/"),
        route(format!("/game/{server}/ws"), "/game/{server}/ws"),
    ]
}

fn measure_counters(rooms: &Arc<Rooms>) {
    let count = |name, help, of: fn(&Rooms) -> &Counter| {
        let rooms = Arc::clone(rooms);
        read(Kind::Counter, name, help, move || {
            vec![(Labels::new(), number(of(&rooms)))]
        });
    };
    count("matches_started", "Matches that began.", |rooms| {
        &rooms.counters.matches
    });
    count("ticks", "Ticks that were played.", |rooms| {
        &rooms.counters.ticks
    });
    let late = "Ticks that came noticeably late, and those that were left out because of it.";
    count("ticks_late", late, |rooms| &rooms.counters.late_ticks);

    let counters = Arc::clone(&rooms.counters);
    let ends = "Matches that ended, and those that went on elsewhere.";
    read(Kind::Counter, "matches_ended", ends, move || {
        by_outcome(&[
            ("won", &counters.ended_won),
            ("drawn", &counters.ended_drawn),
            ("deserted", &counters.ended_deserted),
            ("fault", &counters.ended_by_fault),
            ("moved", &counters.ended_elsewhere),
        ])
    });
    let counters = Arc::clone(&rooms.counters);
    read(
        Kind::Counter,
        "tickets",
        "Tickets that were shown.",
        move || {
            by_outcome(&[
                ("accepted", &counters.tickets_accepted),
                ("refused", &counters.tickets_refused),
            ])
        },
    );
}

fn measure_census(rooms: &Arc<Rooms>) {
    let matches = Arc::clone(rooms);
    read(Kind::Gauge, "matches", "Matches by phase.", move || {
        let census = matches.census();
        let phase = |name, number: u64| (vec![("phase", name)], number as f64);
        vec![
            phase("gathering", census.gathering),
            phase("playing", census.playing),
            phase("over", census.over),
        ]
    });
    let gauge = |name, help, of: fn(&Rooms) -> u64| {
        let rooms = Arc::clone(rooms);
        read(Kind::Gauge, name, help, move || {
            vec![(Labels::new(), of(&rooms) as f64)]
        });
    };
    gauge(
        "match_players",
        "Players who have a seat in a match that is not over.",
        |rooms| rooms.census().players,
    );
    gauge(
        "match_seats_free",
        "Seats that somebody could have: in open matches, and in those for which there is room.",
        |rooms| rooms.census().free_seats,
    );
    gauge(
        "match_capacity",
        "Matches for which there is room in all.",
        |rooms| rooms.config.capacity.into(),
    );
}

fn by_outcome(counts: &[(&'static str, &Counter)]) -> Vec<(Labels, f64)> {
    let one =
        |(outcome, count): &(&'static str, &Counter)| (vec![("outcome", *outcome)], number(count));
    counts.iter().map(one).collect()
}

fn number(count: &Counter) -> f64 {
    count.get() as f64
}
