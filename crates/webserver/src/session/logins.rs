//! How many logins there may be.

use std::num::NonZeroU32;

use clap::Args;

use crate::{
    limit::{Limit, rate},
    session::address::ClientAddress,
};

/// Seconds' worth of logins that may come at once. A class of forty behind one router gets in at once, several times over.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(39);

/// How many logins there may be.
#[derive(Args, Clone, Debug)]
pub struct LoginsConfig {
    /// Logins that one address may do in a second, and forty times as many at once: 1 to 1000000
    #[arg(
        long,
        env = "LOGIN_RATE",
        global = true,
        default_value = "5",
        value_parser = rate,
        value_name = "LOGINS"
    )]
    pub login_rate: NonZeroU32,
}

impl LoginsConfig {
    /// The limit that is configured.
    pub fn limit(&self) -> Limit<ClientAddress> {
        Limit::new(self.login_rate, self.login_rate.saturating_mul(AT_ONCE))
    }
}
