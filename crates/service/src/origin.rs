//! Refuses what a page of another site does in a player's name.
//!
//! A browser sends a site's cookies along whoever asks. So any page that a player visits could post here and would
//! be taken for the player. But a browser also says which page asked, and no page can change that: in `Sec-Fetch-Site`
//! what it is to us, and, where a browser does not send that, in `Origin` where it came from.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::error::ApiError;

/// What the page that asks is to the site that is asked, in the browser's own judgement.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Lets a request through that only reads, or that [`from_our_page`] lets through.
///
/// # Errors
/// 403 for a request that changes something on behalf of a foreign page.
pub async fn same_origin(request: Request, next: Next) -> Result<Response, ApiError> {
    // The browser does not show the answer to a foreign page.
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(next.run(request).await);
    }
    from_our_page(request, next).await
}

/// Lets a request through that came from our own page, or from no page at all.
///
/// # Errors
/// 403 for a request on behalf of a foreign page.
pub async fn from_our_page(request: Request, next: Next) -> Result<Response, ApiError> {
    if is_ours(request.headers()) {
        return Ok(next.run(request).await);
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "this request came from a page of another site; only this site's own page may send it",
    ))
}

/// Whether our own page asked, or nobody's. curl and other programs are no page and send neither header; they also hold no
/// player's cookie that the player did not give them.
fn is_ours(headers: &HeaderMap) -> bool {
    if headers.contains_key(SEC_FETCH_SITE) {
        // "none" is the player, who typed an address. A sister host is "same-site", and as foreign as any other.
        let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
        return sites.all(|site| site == "same-origin" || site == "none");
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let mut origins = headers.get_all(header::ORIGIN).iter();
    origins.all(|origin| {
        let origin = origin.to_str().ok();
        origin
            .zip(host)
            .is_some_and(|(origin, host)| is_of(origin, host))
    })
}

/// Whether a page of this origin is one of this host, port included. A port that the scheme implies may be left out.
///
/// The scheme itself does not matter: a proxy that ends TLS asks us over plain HTTP for a page that came over HTTPS.
fn is_of(origin: &str, host: &str) -> bool {
    let with_port = [("http://", ":80"), ("https://", ":443")];
    with_port.into_iter().any(|(scheme, port)| {
        let bare = |address: &str| {
            address
                .strip_suffix(port)
                .unwrap_or(address)
                .to_ascii_lowercase()
        };
        let page = origin.strip_prefix(scheme);
        page.is_some_and(|page| bare(page) == bare(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(host: &str, sent: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        is_ours(&headers)
    }

    const HOST: &str = "webserver.localhost:8000";

    #[test]
    fn without_more_only_the_same_host_and_port_are_ours() {
        assert!(ours(HOST, &[]));
        for origin in [
            "http://webserver.localhost:8000",
            "https://webserver.localhost:8000",
        ] {
            assert!(ours(HOST, &[("origin", origin)]), "{origin:?}");
        }
        for origin in [
            "",
            "null",
            "http://evil.example",
            "http://webserver.localhost",
            "http://webserver.localhost:80",
            "http://webserver.localhost:8000.evil.example",
            "http://evil.webserver.localhost:8000",
            "file://",
            "webserver.localhost:8000",
        ] {
            assert!(!ours(HOST, &[("origin", origin)]), "{origin:?}");
        }
        let two = [
            ("origin", "http://webserver.localhost:8000"),
            ("origin", "null"),
        ];
        assert!(!ours(HOST, &two));
    }

    #[test]
    fn a_port_that_the_scheme_implies_may_be_left_out() {
        for (origin, host, is) in [
            ("http://h", "h", true),
            ("http://h", "h:80", true),
            ("http://h:80", "h", true),
            ("http://H", "h", true),
            ("https://h", "h", true),
            ("https://h", "h:443", true),
            ("https://h:443", "h", true),
            ("http://h", "h:443", false),
            ("https://h", "h:80", false),
            ("http://h:8080", "h", false),
            ("http://h", "h:8080", false),
        ] {
            assert_eq!(ours(host, &[("origin", origin)]), is, "{origin} of {host}");
        }
    }

    #[test]
    fn what_the_browser_says_of_the_site_decides() {
        let ours_by = |site| {
            ours(
                HOST,
                &[("sec-fetch-site", site), ("origin", "http://evil.example")],
            )
        };
        assert!(ours_by("same-origin") && ours_by("none"));
        let our_page = ("origin", "http://webserver.localhost:8000");
        for site in ["same-site", "cross-site", "", "anything"] {
            assert!(
                !ours(HOST, &[("sec-fetch-site", site), our_page]),
                "{site:?}"
            );
            assert!(!ours(
                HOST,
                &[("sec-fetch-site", "none"), ("sec-fetch-site", site)]
            ));
        }
    }
}
