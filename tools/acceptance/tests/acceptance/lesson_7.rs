//! Replicas, Redis and Consul break, and nothing that was acknowledged is lost.

mod chaos;
mod hello;
mod history;
mod limits;
mod load_shed;
mod order;
mod page;
mod requests;
mod resume;
