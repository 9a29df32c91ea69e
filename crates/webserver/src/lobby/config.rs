//! How the lobby is configured.

use clap::{Args, ValueEnum};
use secrecy::SecretString;

use crate::redis_url::redis_url;

/// Where the matches are listed, and how new ones are spread.
#[derive(Args, Clone, Debug)]
pub struct LobbyConfig {
    /// Redis that knows all game servers, their matches and who has which seat
    #[arg(
        long,
        env = "MATCHES_URL",
        global = true,
        default_value = "redis://127.0.0.1:6381",
        value_parser = redis_url,
        value_name = "URL"
    )]
    pub matches_url: String,

    /// Its password; left out when it asks for none
    #[arg(
        long,
        env = "MATCHES_PASSWORD",
        global = true,
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub matches_password: Option<SecretString>,

    /// Where a new match begins: on the fullest game server that has room, so that others become empty and can go, or on the
    /// emptiest, so that a server that fails ends few matches
    #[arg(
        long,
        env = "PLACEMENT",
        global = true,
        default_value = "packed",
        value_name = "PLACEMENT"
    )]
    pub placement: Placement,
}

/// Where a new match begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Placement {
    /// On the fullest game server that has room.
    Packed,
    /// On the emptiest.
    Spread,
}

impl From<Placement> for matches::Placement {
    fn from(placement: Placement) -> matches::Placement {
        match placement {
            Placement::Packed => matches::Placement::Packed,
            Placement::Spread => matches::Placement::Spread,
        }
    }
}
