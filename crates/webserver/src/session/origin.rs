//! Refuses what a page of another site does in a player's name.
//!
//! A browser sends a site's cookies along whoever asks. So any page that a player visits could post here and would
//! be taken for the player. But a browser also says which page asked, in `Origin`, and no page can change that.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use service::ApiError;

/// Lets a request through that only reads, that came from our own page, or that came from no page at all.
///
/// # Errors
/// 403 for a request that changes something, or opens a socket, on behalf of a foreign page.
pub async fn same_origin(request: Request, next: Next) -> Result<Response, ApiError> {
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // let harmless = reads; // lessons 3 to 5 only
    let harmless = reads && !headers.contains_key(header::UPGRADE); // lesson 6
    if harmless || is_ours(headers) {
        return Ok(next.run(request).await);
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "this request came from a page of another site; only this site's own page may send it",
    ))
}

/// Whether the page that asked has the host, and the port, that it asks. curl and other programs are no page and
/// send no `Origin`; they also hold no player's cookie that the player did not give them.
fn is_ours(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers.get(header::HOST).map(|host| host.as_bytes());
    let page = origin.as_bytes();
    let page = page
        .strip_prefix(b"http://")
        .or_else(|| page.strip_prefix(b"https://"));
    // The scheme is left out: a proxy that ends TLS asks us over plain HTTP for a page that came over HTTPS.
    page.is_some() && page == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "webserver.localhost:8000".parse().unwrap());
        if !origin.is_empty() {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_ours(&headers)
    }

    #[test]
    fn only_the_same_host_and_port_are_ours() {
        for origin in [
            "",
            "http://webserver.localhost:8000",
            "https://webserver.localhost:8000",
        ] {
            assert!(ours(origin), "{origin:?}");
        }
        for origin in [
            "null",
            "http://evil.example",
            "http://webserver.localhost",
            "http://webserver.localhost:8000.evil.example",
            "http://evil.webserver.localhost:8000",
            "file://",
        ] {
            assert!(!ours(origin), "{origin:?}");
        }
    }
}
