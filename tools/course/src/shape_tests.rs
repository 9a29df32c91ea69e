//! What is the same shape, and what is not.

use super::*;

fn owned(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn same(expected: &str, got: &str) {
    let compared = compare(&owned(expected), &owned(got), Numbers::Differ);
    assert_eq!(compared, Ok(()));
}

fn different(expected: &str, got: &str) -> String {
    compare(&owned(expected), &owned(got), Numbers::Differ).unwrap_err()
}

fn held(expected: &str, got: &str) -> bool {
    compare(&owned(expected), &owned(got), Numbers::Hold).is_ok()
}

#[test]
fn numbers_hold_where_they_are_the_point() {
    for (same, other) in [
        ("      6 \"name\":\"Ada\"", "      5 \"name\":\"Ada\""),
        ("webserver-3 has 3", "webserver-3 has 4"),
        ("a\na", "a"),
        (r#"{"requests_served":2}"#, r#"{"requests_served":3}"#),
        (
            r#"{"messages":[{"a":"x"}]}"#,
            r#"{"messages":[{"a":"x"},{"a":"x"}]}"#,
        ),
        (
            r#"{"id":"1795687423501-0"} 201"#,
            r#"{"id":"1795687423501-0"} 200"#,
        ),
    ] {
        assert!(held(same, same));
        assert!(!held(same, other), "{same}, {other}");
    }
    assert!(held("      6 a", "  6 a"));
    assert!(held(
        "webserver-3f2a9c1b0d4e at 172.18.0.3:8080 since 2026-01-01T10:00:00Z: 3",
        "webserver-2 at 127.0.0.1:41234 since 2026-11-23T09:12:13Z: 3"
    ));
}

#[test]
fn an_error_is_told_from_another() {
    let error = r#"{"code":"a","error":"wait 3 s","status":503}"#;
    same(error, r#"{"code":"a","error":"wait 4 s","status":503}"#);
    different(error, r#"{"code":"a","error":"wait 3 s","status":404}"#);
    different(error, r#"{"code":"b","error":"wait 3 s","status":503}"#);
    different(error, r#"{"code":"a","error":"go away","status":503}"#);
}

#[test]
fn what_differs_on_every_run_is_equal() {
    same(
        "at 2026-01-01T10:00:00Z",
        "at 2026-11-23T09:12:13.123456+02:00",
    );
    same(
        "Date: Thu, 01 Jan 2026 00:00:00 GMT",
        "Date: Mon, 23 Nov 2026 10:11:12 GMT",
    );
    same("took 1.5s", "took 12ms");
    same("web  Up 3 seconds", "web   Up About a minute");
    same(
        "host 4f2a9b8c7d6e at 172.18.0.3:8080",
        "host 0a1b2c3d4e5f at 10.0.0.12:41234",
    );
    same(
        "id 0198c5a2-7f1e-7c3a-9d2b-1a2b3c4d5e6f",
        "id ffffffff-7f1e-7c3a-9d2b-1a2b3c4d5e6f",
    );
    same("listening on port 8080", "listening on port 39123");
    same("\u{1b}[32mok\u{1b}[0m", "ok");
    same("web-1 exited", "web-23 exited");
    same("count 123456", "count 7");
    same("host 123456789012", "host abcdefabcdef");
    same(
        "session=xH-I_b6lXsgS2w1hu7ge0A; Path=/",
        "session=YiQH1p2mllIjDw3Q4bMtQ_; Path=/",
    );
}

#[test]
fn what_matters_is_not_equal() {
    assert_eq!(
        different("a\nfacade\nb", "a\ndecade\nb"),
        "- facade\n+ decade"
    );
    different("HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable");
    different("404 page not found", "400 page not found");
    different("200", "503");
    different("a", "");
    different("a", "a\nb");
    different("0 passed", "zero passed");
}

#[test]
fn json_is_compared_by_keys_and_types() {
    same(r#"{"a": 1, "b": "x"}"#, r#"{"b":"y","a":2.5}"#);
    same(r#"web-1  | {"a":"x"}"#, r#"web-2  | {"a":"y z"}"#);
    same(r#"[{"a":1},{"a":2}]"#, r#"[{"a":3}]"#);
    same("{\n  \"a\": [1]\n}", "{\"a\": [2, 3]}");
    different(r#"{"a":1}"#, r#"{"a":"1"}"#);
    different(r#"{"a":1}"#, r#"{"b":1}"#);
    different(r#"[{"a":1}]"#, "[]");
}

#[test]
fn equal_neighbours_are_one_or_more() {
    same("replica 1\nreplica 2\nend", "replica 7\nend");
    same("replica 1\nend", "replica 1\nreplica 2\nreplica 3\nend");
    different("replica 1\nend", "end");
}

#[test]
fn a_gap_is_any_number_of_lines() {
    same("a\n…\nz", "a\nz");
    same("a\n...\nz", "a\nb\nc\nz");
    same("…", "");
    different("a\n…\nz", "a\nb");
}

#[test]
fn a_match_and_a_game_server_have_other_names_each_time() {
    same(
        r#""match":"aysefk3x7y","seat":1"#,
        r#""match":"4y7mmbjmj2","seat":2"#,
    );
    same("gs-2w7jfc9ejw is ready", "gs-abcdefghjk is ready");
    different(r#""match":7"#, r#""match":"4y7mmbjmj2""#);
    different("gs-2w7jfc9ejw is ready", "gameserver is ready");
}
