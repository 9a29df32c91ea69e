//! The game server of this repository: one process, with a directory that gives its seats out.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use matches::{
    Ask, Directory, Placement, ServerState,
    tickets::{Claims, Signer},
};
use stack::workspace_root;
use tokio::{
    process::Command,
    time::{Duration, Instant, sleep},
};

use super::{
    clients::{Entry, SEATS},
    contender::Server,
};
use crate::redis_server::RedisServer;

/// How long a ticket is good, in seconds.
const TICKET: u64 = 15;

/// The game server, and what gives its seats out.
pub struct Ours {
    /// The process.
    pub server: Server,
    directory: Directory,
    signer: Signer,
}

impl Ours {
    /// Starts the game server at `binary` with room for so many matches, and waits until the directory gives them out.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn start(binary: &Path, redis: &RedisServer, matches: u32) -> anyhow::Result<Ours> {
        let (url, password) = redis.url_and_password();
        let server = Server::start(|port| {
            let mut command = Command::new(binary);
            command
                .env_clear()
                .env("LISTEN", port.address())
                .env("REPLICA_ID", format!("gameserver-{}", port.number()))
                // There is no Consul and no Traefik: it is asked directly, and reaches itself that way.
                .env("CONSUL_URL", "http://127.0.0.1:9")
                .env("PROXY_URL", format!("http://{}", port.address()))
                .env("PUBLIC_HOST", "webserver.localhost")
                .env("PUBLIC_PATH", "game")
                .env("MATCHES_URL", &url)
                .env("MATCHES_PASSWORD", password)
                .env("CAPACITY", matches.to_string())
                .env("MAX_SOCKETS", "100000")
                .env("LOG", "warn");
            command
        })
        .await?;
        let directory = Directory::connect(&url, Some(&password.to_owned().into()))?;
        let signer = Signer::generate()?;
        directory
            .publish_key(signer.kid(), &signer.public())
            .await?;
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let fleet = directory.fleet().await?;
            // The one of the round before was killed, so it counts as alive for as long as its lease runs, and players would be led there.
            let mut alive = fleet
                .iter()
                .filter(|server| server.state != ServerState::Lost);
            let is_alone = alive
                .next()
                .is_some_and(|server| server.state == ServerState::Ready);
            if is_alone && alive.next().is_none() {
                return Ok(Ours {
                    server,
                    directory,
                    signer,
                });
            }
            ensure!(
                Instant::now() < deadline,
                "the game server does not get ready: {fleet:?}"
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Tickets for eight players who sit in one match. No two of these matches have one number.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn tickets(&self, number: u32) -> anyhow::Result<Vec<Entry>> {
        let ask = Ask {
            players: (0..SEATS as u32)
                .map(|seat| format!("{:016x}", number * SEATS as u32 + seat).parse())
                .collect::<Result<_, _>>()?,
            party: None,
            placement: Placement::Packed,
        };
        let seats = self.directory.allocate(&ask).await?;
        let entry = |seat: matches::Allocation| {
            let path = format!("/game/{}/ws", seat.server);
            let ticket = self.signer.sign(&Claims {
                player: seat.player,
                name: "Ada".to_owned(),
                id: seat.id,
                seat: Some(seat.seat),
                server: seat.server,
                nonce: seat.nonce,
                issued_at: seat.issued_at,
                expires_at: seat.issued_at + TICKET,
            })?;
            // A ticket has no character that would mean something in JSON.
            let first = Some(format!(r#"{{"type":"enter","ticket":"{ticket}"}}"#));
            Ok(Entry { path, first })
        };
        seats.into_iter().map(entry).collect()
    }
}

/// Builds the game server and the limit as a release, and gives both binaries.
///
/// # Errors
/// When that fails.
pub async fn build() -> anyhow::Result<[PathBuf; 2]> {
    let build = |package: &'static str, bin: &'static str| {
        let build = escargot::CargoBuild::new()
            .manifest_path(workspace_root().join("Cargo.toml"))
            .package(package)
            .bin(bin)
            .release();
        let run = build
            .run()
            .with_context(|| format!("{bin} cannot be built"))?;
        anyhow::Ok(run.path().to_owned())
    };
    Ok([
        build("gameserver", "gameserver")?,
        build("bench", "raw_game")?,
    ])
}
