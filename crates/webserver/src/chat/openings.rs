//! How often sockets are opened, and how many there are of one session.

use std::{num::NonZeroU32, sync::Arc};

use clap::Args;

use crate::{
    chat::by_session::BySession,
    limit::{Limit, rate},
    session::{address::ClientAddress, key::SessionKey},
};

/// Seconds' worth of openings that may come at once from one address: all pages of a class, when a replica has stopped.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(39);

/// How often each of a session's sockets may be opened at once. After that a session may open one a second.
const EACH: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// How many sockets there may be of one session, and how often they may be opened.
#[derive(Args, Clone, Debug)]
pub struct OpeningsConfig {
    /// Sockets that one session may have on this replica: 1 to 1000000. Each window of a browser has one
    #[arg(
        long,
        env = "SOCKETS_PER_SESSION",
        global = true,
        default_value = "8",
        value_parser = rate,
        value_name = "SOCKETS"
    )]
    pub sockets_per_session: NonZeroU32,

    /// Sockets that one address may open in a second, and forty times as many at once: 1 to 1000000
    #[arg(
        long,
        env = "OPENING_RATE",
        global = true,
        default_value = "20",
        value_parser = rate,
        value_name = "SOCKETS"
    )]
    pub opening_rate: NonZeroU32,
}

/// What is counted of those who open sockets.
///
/// All of it is this replica's own. Whoever opens sockets at each of three replicas may have three times as many, which is
/// what it costs not to ask Redis each time, and to know for sure that a count goes down when a replica dies.
#[derive(Debug)]
pub struct Openings {
    /// The sockets that are open.
    pub by_session: Arc<BySession>,
    /// How often one address opens them.
    pub by_address: Limit<ClientAddress>,
    /// How often one session opens them.
    pub of_session: Limit<SessionKey>,
}

impl Openings {
    /// Nobody has opened a socket yet.
    pub fn new(config: &OpeningsConfig) -> Openings {
        let (most, rate) = (config.sockets_per_session, config.opening_rate);
        let open = usize::try_from(most.get()).unwrap_or(usize::MAX);
        Openings {
            by_session: Arc::new(BySession::new(open)),
            by_address: Limit::new(rate, rate.saturating_mul(AT_ONCE)),
            of_session: Limit::new(NonZeroU32::MIN, most.saturating_mul(EACH)),
        }
    }
}
