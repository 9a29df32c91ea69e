//! Alerts that are told in the chat. They come from Alertmanager, over the port that no player reaches.

mod body;
mod notice;
mod route;

pub use route::routes;
