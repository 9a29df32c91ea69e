//! Which replica answered, as a page for people that needs no script.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, State},
    http::header,
    response::{Html, IntoResponse},
};
use service::LocalAddress;

use crate::{app::App, pages::whoami::WhoAmI};

const TEMPLATE: &str = include_str!("page.html");

/// The page.
pub async fn page(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<LocalAddress>,
) -> impl IntoResponse {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // The page needs its own style and nothing else, from anywhere.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(render(&WhoAmI::new(&app.replica, address))))
}

/// Six values in a fixed page do not need a template engine. Each is escaped, because a host name is
/// whatever somebody called the machine.
fn render(me: &WhoAmI) -> String {
    let served = me.requests_served.to_string();
    let values = [
        ("{{replica}}", me.replica.as_str()),
        ("{{host}}", &me.host),
        ("{{address}}", &me.address),
        ("{{version}}", me.version),
        ("{{started_at}}", &me.started_at),
        ("{{requests_served}}", &served),
    ];
    values
        .into_iter()
        .fold(TEMPLATE.to_owned(), |page, (name, value)| {
            page.replace(name, &escape(value))
        })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use service::Replica;

    use super::*;

    #[test]
    fn a_host_name_cannot_become_markup() {
        let replica = Replica::new("webserver", "webserver-1".parse().unwrap());
        let address = LocalAddress("127.0.0.1:1".parse().unwrap());
        let me = WhoAmI {
            host: "<script>alert(1)</script>".to_owned(),
            // What this test says nothing of, so that another field does not concern it.
            ..WhoAmI::new(&replica, address)
        };
        let page = render(&me);
        assert!(!page.contains("<script>"));
        assert!(!page.contains("{{"), "a placeholder was left in the page");
    }
}
