//! The client: a single-page app, built into a folder, served from there.

use std::path::PathBuf;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use clap::Args;
use service::ApiError;
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};
use tracing::warn;

use crate::pages::not_found::not_found;

/// Paths that belong to the server. What is unknown below them is an error, and not a page of the app.
const NOT_PAGES: [&str; 4] = ["/api", "/health", "/plain", "/ws"];

/// What a browser may do on our pages: run our scripts, use our styles, ask us. Nothing inline and nobody else, so
/// text that somebody smuggles into a page cannot act.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// The longest name of a file, in bytes. Linux takes 255, of which `.br` may be a part.
const LONGEST_NAME: usize = 200;

/// The longest path below the folder, in bytes. Linux takes 4096 for all of it.
const LONGEST_PATH: usize = 2000;

/// Where the client is.
#[derive(Args, Clone, Debug)]
pub struct SpaConfig {
    /// Folder of the built client
    #[arg(
        long,
        env = "CLIENT_FOLDER",
        global = true,
        default_value = "client/dist",
        value_name = "FOLDER"
    )]
    pub client_folder: PathBuf,
}

/// The built client.
#[derive(Clone, Debug)]
pub struct Spa {
    folder: PathBuf,
}

impl Spa {
    /// The client in the configured folder. A folder without one is told in the log, and everything else goes on.
    pub fn new(config: &SpaConfig) -> Spa {
        let folder = config.client_folder.clone();
        if !folder.join("index.html").is_file() {
            warn!(folder = %folder.display(), "{NOT_BUILT}");
        }
        Spa { folder }
    }

    /// Answers what no other route does: with a file, or with the app itself, which knows what a path means.
    pub async fn serve(&self, request: Request) -> Response {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        if NOT_PAGES.iter().any(|path| is_below(uri.path(), path)) {
            return not_found(method, uri).await.into_response();
        }
        let mut response = self.file(request).await;
        if response.status() == StatusCode::NOT_FOUND {
            response = self.missing(method, uri.clone()).await;
        }
        // An asset's name holds a hash of its content: another content has another name, so a browser need never
        // ask again. The page that names them is asked for each time, and mostly answered with a 304. A file that is
        // missing now may be there in a moment, so nobody keeps that answer.
        let cache = match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {
                if is_below(uri.path(), "/assets") {
                    "public, max-age=31536000, immutable"
                } else {
                    "no-cache"
                }
            }
            _ => "no-store",
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if is_html(&response) {
            let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// The library sees to ranges, ETags, compressed copies, and paths that try to leave the folder.
    async fn file(&self, request: Request) -> Response {
        let files = ServeDir::new(&self.folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let path = request.uri().path();
        if !is_page(path) && is_too_long(path) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let result = if is_page(path) {
            ServeFile::new(self.folder.join("index.html"))
                .precompressed_br()
                .precompressed_gzip()
                .oneshot(request)
                .await
        } else {
            files.oneshot(request).await
        };
        match result {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        }
    }

    async fn missing(&self, method: Method, uri: Uri) -> Response {
        if is_page(uri.path()) {
            return ApiError::new(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
        }
        not_found(method, uri).await.into_response()
    }
}

const NOT_BUILT: &str = "the client is not built; run npm ci and npm run build in client/, or set CLIENT_FOLDER to where it is";

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// A path without a dot in its last part is a page of the app, which the browser's own code will draw.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.contains('.') && !is_below(path, "/assets")
}

/// No file has such a name. A file system would refuse to look for it, which is no mistake of this server.
fn is_too_long(path: &str) -> bool {
    path.len() > LONGEST_PATH || path.split('/').any(|name| name.len() > LONGEST_NAME)
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_files() {
        for page in ["/", "/lobby", "/games/7", "/v1.2/rules"] {
            assert!(is_page(page), "{page}");
        }
        for file in ["/favicon.svg", "/assets/a", "/assets", "/index.html"] {
            assert!(!is_page(file), "{file}");
        }
        assert!(is_below("/api", "/api") && is_below("/api/x", "/api"));
        assert!(!is_below("/apiary", "/api"));
    }

    #[test]
    fn names_and_paths_have_an_end() {
        let name = "a".repeat(LONGEST_NAME);
        assert!(!is_too_long(&format!("/assets/{name}")));
        assert!(is_too_long(&format!("/assets/{name}a")));
        assert!(is_too_long(&format!(
            "/assets{}",
            "/a".repeat(LONGEST_PATH)
        )));
    }
}
