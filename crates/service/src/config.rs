//! What can be configured of every service, from the command line or from the environment. Nothing else in this crate
//! reads the environment.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use telemetry::LogFormat;

use crate::{
    parse::{address, is_given, seconds},
    replica::ReplicaId,
};

/// How one replica is configured. In the help, SERVICE becomes the service's name.
#[derive(Args, Clone, Debug)]
pub struct ServiceConfig {
    /// Address and port to listen on; port 0 takes any free port
    #[arg(
        long,
        env = "LISTEN",
        global = true,
        default_value = "127.0.0.1:8080",
        value_parser = address,
        value_name = "IP:PORT"
    )]
    pub listen: SocketAddr,

    /// Name of this replica, unique among all: 1 to 63 of a-z, 0-9 and "-" [default: SERVICE-HOSTNAME]
    #[arg(long, env = "REPLICA_ID", global = true, value_name = "NAME")]
    pub replica_id: Option<ReplicaId>,

    // lesson 2
    /// How this replica is found.
    #[command(flatten)]
    pub registration: crate::registration::RegistrationConfig,

    // lesson 7
    /// How many requests there may be at once.
    #[command(flatten)]
    pub load_shed: crate::load_shed::LoadShedConfig,

    /// Seconds that requests in progress may take to end when the replica stops: 0 to 60
    #[arg(long, env = "DRAIN_DEADLINE", global = true, default_value = "10", value_parser = seconds, value_name = "SECONDS")]
    pub drain_deadline: Duration,

    /// How log lines are written
    #[arg(
        long,
        env = "LOG_FORMAT",
        global = true,
        default_value = "text",
        value_enum
    )]
    pub log_format: LogFormat,

    /// Leaves log lines without colours, whatever stands in the variable (https://no-color.org)
    #[arg(
        long,
        env = "NO_COLOR",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "",
        default_missing_value = "1",
        value_parser = is_given,
        hide_default_value = true,
        value_name = "ANYTHING"
    )]
    pub no_color: bool,

    /// What is logged: a level, or levels by target such as info,SERVICE=debug
    #[arg(
        long,
        env = "LOG",
        global = true,
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
}
