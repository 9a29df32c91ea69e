//! What can be set.

use std::{net::SocketAddr, path::PathBuf};

/// Shows the dashboards that Grafana is provisioned with.
#[derive(clap::Parser, Clone, Debug)]
#[command(version, about)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env = "BOARD_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Folder with the dashboards
    #[arg(
        long,
        env = "BOARD_DASHBOARDS",
        default_value = "observability/dashboards",
        value_name = "FOLDER"
    )]
    pub dashboards: PathBuf,

    /// Where Prometheus is, or VictoriaMetrics
    #[arg(
        long,
        env = "PROMETHEUS_URL",
        default_value = "http://127.0.0.1:9090",
        value_name = "URL"
    )]
    pub prometheus: reqwest::Url,

    /// Where Alertmanager is
    #[arg(
        long,
        env = "ALERTMANAGER_URL",
        default_value = "http://127.0.0.1:9093",
        value_name = "URL"
    )]
    pub alertmanager: reqwest::Url,
}
