//! What can be broken of a game: its servers, their directory, and everything at once.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use stack::{Stack, System, http_client, named_in};
use tokio::time::sleep;

use super::heard::all_are_heard;
use crate::{
    game::{Fault, GameFault, Scenario, Step},
    memory, plan,
    subject::Subject,
    wiring::Wiring,
};

/// The services of a game.
const WEB: &str = "webserver";
const GAME: &str = "gameserver";

/// The directory of game servers.
const MATCHES: &str = "matches";

/// What stands for itself: everything that is no replica.
const SERVERS: [&str; 5] = ["consul", "traefik", "sessions", "pubsub", MATCHES];

/// What players meet who all have one address, and what gives each game server some of the matches. What a limit does is another question.
const VARIABLES: [(&str, &str); 5] = [
    ("LOGIN_RATE", "1000000"),
    ("OPENING_RATE", "1000000"),
    ("PLACEMENT", "spread"),
    // Seconds until a match begins that is not full.
    ("GATHER", "3"),
    // The log line for each answer would only cost time.
    ("LOG", "info,service::request_log=warn"),
];

/// How long a game server may take to say which replica it is.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

impl Subject {
    /// Starts a system with game servers, and waits until it is ready.
    ///
    /// # Errors
    /// When something is missing, cannot be built or does not start. Nothing is left then.
    pub async fn start_game(scenario: &Scenario) -> anyhow::Result<Subject> {
        let wiring = Wiring::default();
        let mut builder = Stack::builder();
        let needs_cables =
            |fault| matches!(fault, Fault::Common(fault) if plan::Fault::needs_cables(fault));
        // They take some time of each frame, so they are laid only where one is to be cut.
        if scenario.plan().iter().any(|step| needs_cables(step.fault)) {
            let wiring = wiring.clone();
            let wire = Arc::new(move |id: &str, environment: &mut _| wiring.lay(id, environment));
            builder = builder.wire(WEB, wire);
        }
        if let Some(without) = scenario.without {
            let (root, target) = without.copy()?;
            builder = builder.workspace(&root, &target);
        }
        for (name, value) in VARIABLES {
            builder = builder.environment(name, value);
        }
        let builder = builder.scale(WEB, scenario.replicas);
        let stack = builder.scale(GAME, scenario.servers).start().await;
        let stack = stack.context("the native stack does not start")?;
        Ok(Subject {
            system: System::Native(Box::new(stack)),
            replicas: scenario.replicas,
            wiring,
            _port: None,
        })
    }

    /// A web server, chosen by this number.
    ///
    /// # Errors
    /// When the engine cannot say which there are.
    pub async fn web_server(&self, dice: u64) -> anyhow::Result<String> {
        let all = self.system.replicas(WEB).await?;
        let at = dice % all.len().max(1) as u64;
        let one = all.into_iter().nth(at as usize);
        one.context("there is no web server")
    }

    /// The replica that a game server is. It says so itself, on its own route.
    ///
    /// # Errors
    /// When it is not reached.
    pub async fn replica_of(&self, server: &str) -> anyhow::Result<String> {
        let url = format!("http://{}/game/{server}/", self.system.address());
        let request = http_client(ANSWERED_WITHIN)?.get(url);
        let answer = request.header("host", format!("{WEB}.localhost"));
        let answer = answer.send().await?.error_for_status();
        let answer = answer.with_context(|| format!("{server} does not say who it is"))?;
        named_in(&answer.json().await?)
    }

    /// Breaks what `step` says, and puts back what does not come back by itself. Gives what it did, in words. If it is one game server that
    /// is hit, it is the replica `victim`.
    ///
    /// # Errors
    /// When something does not end or start as it must.
    pub async fn inflict_game(
        &mut self,
        fault: GameFault,
        step: &Step,
        victim: &str,
    ) -> anyhow::Result<String> {
        match fault {
            GameFault::GameKill => {
                self.system.kill_replica(victim).await?;
                Ok(format!("{victim} was killed"))
            }
            GameFault::GameKillAll => {
                let all = self.system.replicas(GAME).await?;
                for id in &all {
                    self.system.kill_replica(id).await?;
                }
                Ok(format!("{} were killed", all.join(", ")))
            }
            GameFault::GameFreeze | GameFault::GameZombie => {
                self.system.freeze_replica(victim).await?;
                sleep(step.length).await;
                self.system.thaw_replica(victim).await?;
                Ok(format!("{victim} was frozen"))
            }
            GameFault::GameDrain => {
                self.system.stop_replica(victim).await?;
                Ok(format!("{victim} drained and ended"))
            }
            GameFault::GameRoll => {
                let new = self.system.roll(GAME).await?;
                Ok(format!("{} game servers were replaced", new.len()))
            }
            GameFault::MatchesRestart => {
                let matches = self.system.server(MATCHES).await?;
                matches.stop().await?;
                sleep(step.length).await;
                matches.start().await?;
                Ok(format!("{MATCHES} ended and started"))
            }
            GameFault::MatchesKill => {
                let matches = self.system.server(MATCHES).await?;
                matches.kill().await?;
                sleep(step.length).await;
                matches.start().await?;
                Ok(format!("{MATCHES} was killed and started"))
            }
            GameFault::MatchesFreeze => {
                let matches = self.system.server(MATCHES).await?;
                matches.freeze().await?;
                sleep(step.length).await;
                matches.thaw().await?;
                Ok(format!("{MATCHES} was frozen"))
            }
            GameFault::MatchesMemory => {
                let full = memory::fill(&self.system, MATCHES).await?;
                sleep(step.length).await;
                let bytes = memory::empty(&self.system, MATCHES, full).await?;
                Ok(format!("{MATCHES} was full, of {bytes} bytes more"))
            }
            GameFault::Asleep => self.sleep(step).await,
            GameFault::PlayersCut => Ok("the players do this".to_owned()),
        }
    }

    /// Starts what is missing, and waits until every replica is ready and gets requests, and until the directory has heard of each game server.
    ///
    /// # Errors
    /// When something does not.
    pub async fn recover_game(&mut self, servers: usize) -> anyhow::Result<()> {
        self.recover().await?;
        self.system.scale(GAME, servers).await?;
        all_are_heard(&self.system, MATCHES, servers).await
    }

    /// All at once, as when a host sleeps; and back in any order.
    async fn sleep(&mut self, step: &Step) -> anyhow::Result<String> {
        let mut replicas = self.system.replicas(WEB).await?;
        replicas.extend(self.system.replicas(GAME).await?);
        for id in &replicas {
            self.system.freeze_replica(id).await?;
        }
        for name in SERVERS {
            self.system.server(name).await?.freeze().await?;
        }
        sleep(step.length).await;
        let servers = SERVERS.iter().map(|name| (false, (*name).to_owned()));
        let replicas = replicas.into_iter().map(|id| (true, id));
        let mut all: Vec<_> = servers.chain(replicas).collect();
        all.shuffle(&mut StdRng::seed_from_u64(step.dice));
        for (is_replica, name) in &all {
            if *is_replica {
                self.system.thaw_replica(name).await?;
            } else {
                self.system.server(name).await?.thaw().await?;
            }
        }
        let order: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
        Ok(format!("all slept, and woke as {}", order.join(", ")))
    }
}
