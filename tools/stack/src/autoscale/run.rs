//! Looks again and again, and does what the plan says.

use std::{fmt, time::Duration};

use anyhow::Context;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::{
    look::Lookout,
    options::Options,
    plan::{Action, Plan},
};
use crate::{console::Console, fleet::GAME_SERVERS, roll::Replicas};

/// How often it is looked. Web servers remember the fleet for as long.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Starts game servers as matches need them, and stops those that have had none for a while; or does nothing, if nobody has asked for it.
#[derive(Debug)]
pub struct Autoscaler(Option<Work>);

struct Work {
    lookout: Lookout,
    plan: Plan,
    console: Console,
    looks: Interval,
    begun: Instant,
    is_blind: bool,
}

impl Autoscaler {
    /// Does what `options` say with the system behind Traefik at `address`, and tells of it on the console.
    ///
    /// # Errors
    /// When the system lets no client be made.
    pub fn new(options: &Options, address: &str, console: &Console) -> anyhow::Result<Autoscaler> {
        if !options.autoscale {
            return Ok(Autoscaler(None));
        }
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Autoscaler(Some(Work {
            lookout: Lookout::at(address)?,
            plan: Plan::new(options.buffer),
            console: console.clone(),
            looks,
            begun: Instant::now(),
            is_blind: false,
        })))
    }

    /// Waits until it is time to look; for ever, if nobody has asked for it. Whoever does not wait to the end has missed nothing.
    pub(crate) async fn due(&mut self) {
        match &mut self.0 {
            Some(work) => drop(work.looks.tick().await),
            None => std::future::pending().await,
        }
    }

    /// Looks, and does the one thing that is to be done now, if anything is. What goes wrong is told, and ends nothing.
    pub(crate) async fn follow(&mut self, system: &mut impl Replicas) {
        if let Some(work) = &mut self.0 {
            work.follow(system).await;
        }
    }

    /// Somebody else starts and stops now. What must be so for a while must be seen to be so after that.
    pub(crate) fn wait(&mut self) {
        if let Some(work) = &mut self.0 {
            work.plan.forget();
        }
    }
}

impl Work {
    async fn follow(&mut self, system: &mut impl Replicas) {
        let seen = match self.lookout.look(system).await {
            Ok(seen) => seen,
            Err(error) => {
                self.plan.forget();
                if !std::mem::replace(&mut self.is_blind, true) {
                    self.say(&format!(
                        "Nothing is started or stopped while nobody says which game servers there are: {error:#}"
                    ));
                }
                return;
            }
        };
        if std::mem::take(&mut self.is_blind) {
            self.say("It is known again which game servers there are.");
        }
        let Some(action) = self.plan.next(self.begun.elapsed(), &seen) else {
            return;
        };
        self.say(&action.to_string());
        let is_start = matches!(action, Action::Start { .. });
        match act(system, action).await {
            Ok(done) => self.say(&done),
            Err(error) => {
                if is_start {
                    self.plan.start_failed(self.begun.elapsed());
                }
                self.say(&format!("{error:#}"));
            }
        }
    }

    fn say(&self, sentence: &str) {
        self.console.say(&format!("autoscale   | {sentence}"));
    }
}

/// Does it, and says what was done.
async fn act(system: &mut impl Replicas, action: Action) -> anyhow::Result<String> {
    match action {
        Action::Start { .. } => {
            let id = system.start(GAME_SERVERS).await;
            let id = id.context("no game server more can be started")?;
            Ok(format!("{id} has started."))
        }
        Action::Stop { replica, .. } | Action::GiveUp { replica } => {
            let ended = system.end(&replica).await;
            ended.with_context(|| format!("{replica} cannot be stopped"))?;
            Ok(format!("{replica} has ended."))
        }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Work").field(&self.plan).finish()
    }
}
