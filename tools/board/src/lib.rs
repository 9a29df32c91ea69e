//! Reads the dashboards that Grafana is provisioned with, and runs what stands in them.
//!
//! There is one description of each board, `observability/dashboards/NAME.json`, and there are two who show it: Grafana, where there
//! is Docker, and this crate. Its page is what the native engine shows, and its library is how tests prove that each panel
//! gives the value that it is to give: they run the very queries of the very files.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use board::{Boards, Engine, Span, Window, run};
//! let boards = Boards::load("observability/dashboards".as_ref())?;
//! let engine = Engine::new("http://127.0.0.1:9090")?;
//! let panel = boards.panel("requests", 1)?;
//! println!("{:?}", run(panel, &engine, &Window::until_now(Span::Minutes15)).await?);
//! # Ok(()) }
//! ```
//! What it does not know it refuses: a kind of panel, a data source, a variable of Grafana's. So the boards stay plain, and what is
//! drawn here is what Grafana draws.

mod alerts;
mod config;
mod dashboard;
mod engine;
mod guard;
mod macros;
mod panel;
mod selectors;
mod web;
mod window;

pub use alerts::{Alert, State, Watch};
pub use config::Config;
pub use dashboard::{Board, Boards, Kind, Panel, Target};
pub use engine::{Engine, Labels, Line, Sample};
pub use macros::{UnknownVariable, expand};
pub use panel::{Data, NamedLine, Row, run};
pub use selectors::{Selector, misspelt, selectors};
pub use web::serve;
pub use window::{SCRAPE_INTERVAL, Span, Window};
