//! Whose requests are answered: those that a person makes in a browser for the board's own page, and those of programs of this machine.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The names that lead here. Others may be made to lead here by whoever owns them, and their pages would then count as ours.
const HOSTS: [&str; 4] = [
    "board.localhost",
    "grafana.localhost",
    "localhost",
    "127.0.0.1",
];

/// What the page may load: what comes from here, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
     img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Refuses what changes something, and what a page of another site asks.
pub async fn guard(request: Request, next: Next) -> Response {
    if let Err(refusal) = check(request.method(), request.headers()) {
        return refusal.into_response();
    }
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn check(method: &Method, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    if ![Method::GET, Method::HEAD].contains(method) {
        return Err((
            StatusCode::METHOD_NOT_ALLOWED,
            "The board shows, and changes nothing: ask it with GET.\n",
        ));
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(HOST.as_str()).unwrap_or_default();
    if !HOSTS.contains(&without_port(host)) {
        return Err((
            StatusCode::MISDIRECTED_REQUEST,
            "The board is reached at board.localhost.\n",
        ));
    }
    // Browsers say where a request comes from: in Sec-Fetch-Site, or older ones in Origin. A link may lead here from anywhere.
    let foreign = match text("sec-fetch-site") {
        Some("same-origin" | "none") => false,
        Some(_) => text("sec-fetch-dest") != Some("document"),
        None => false,
    };
    let origin = text(ORIGIN.as_str());
    let foreign_origin = origin.is_some_and(|origin| origin != format!("http://{host}"));
    if foreign || foreign_origin {
        return Err((
            StatusCode::FORBIDDEN,
            "Only the board's own page may ask this.\n",
        ));
    }
    Ok(())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &Method, headers: &[(&'static str, &'static str)]) -> u16 {
        let headers = headers.iter().map(|(name, value)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        check(method, &headers.collect()).map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn only_the_own_page_and_programs_of_this_machine_get_answers() {
        let ours = ("host", "board.localhost:8000");
        let cases: [(&[_], u16); 9] = [
            (&[ours], 200),
            (&[("host", "127.0.0.1:3000")], 200),
            (&[ours, ("sec-fetch-site", "same-origin")], 200),
            (&[ours, ("origin", "http://board.localhost:8000")], 200),
            (
                &[
                    ours,
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-dest", "document"),
                ],
                200,
            ),
            (&[ours, ("sec-fetch-site", "same-site")], 403),
            (&[ours, ("origin", "http://evil.example")], 403),
            (&[("host", "evil.example")], 421),
            (&[], 421),
        ];
        for (headers, expected) in cases {
            assert_eq!(status(&Method::GET, headers), expected, "{headers:?}");
        }
        for method in [Method::POST, Method::DELETE, Method::OPTIONS] {
            assert_eq!(status(&method, &[ours]), 405, "{method}");
        }
    }
}
