//! The client: a single-page app, built into one file, served from a folder.

use std::path::PathBuf;

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use clap::Args;
use service::ApiError;
use tower::ServiceExt;
use tower_http::services::ServeFile;
use tracing::warn;

use crate::pages::not_found::not_found;

/// Paths that belong to the server. What is unknown below them is an error, and not a page of the app.
const NOT_PAGES: [&str; 4] = ["/api", "/health", "/plain", "/ws"];

/// What a browser may do on our pages. Which scripts it may run, and which styles it may use, the page says itself, by
/// their hashes, for they stand in it; here is what a page cannot say, and what holds for each.
const CONTENT_SECURITY_POLICY: &str = "img-src data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

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

    /// Answers what no other route does: with the app, which knows what a path means.
    ///
    /// All of the app is in one file. While one build is replaced by the next, a second request may well reach a replica
    /// of the other build, which has no file of that name: so there is no second request.
    pub async fn serve(&self, request: Request) -> Response {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let is_ours = NOT_PAGES.iter().any(|path| is_below(uri.path(), path));
        if is_ours || !is_page(uri.path()) {
            let missing = not_found(method, uri).await;
            return ([(header::CACHE_CONTROL, "no-store")], missing).into_response();
        }
        let page = self.page(request).await;
        if page.status() == StatusCode::NOT_FOUND {
            return ApiError::new(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
        }
        // A browser asks for the page each time, and is mostly answered with a 304.
        let headers = [
            (header::CACHE_CONTROL, "no-cache"),
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        ];
        (headers, page).into_response()
    }

    /// The library sees to ranges, ETags and compressed copies.
    async fn page(&self, request: Request) -> Response {
        let file = ServeFile::new(self.folder.join("index.html"))
            .precompressed_br()
            .precompressed_gzip();
        match file.oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        }
    }
}

const NOT_BUILT: &str = "the client is not built; run npm ci and npm run build in client/, or set CLIENT_FOLDER to where it is";

/// A path without a dot in its last part is a page of the app, which the browser's own code will draw.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.contains('.') && !is_below(path, "/assets")
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
}
