//! How a game server is configured.

use acceptance::goat::{Goat, lobby, status, the_match};
use anyhow::{Context, ensure};
use stack::{Stack, workspace_root};

#[tokio::test]
async fn bad_settings_are_refused_in_one_line_that_names_the_option() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for (variable, value, option) in [
        ("TICK_RATE", "0", "--tick-rate"),
        ("TICK_RATE", "61", "--tick-rate"),
        ("TICK_RATE", "fast", "--tick-rate"),
        ("SEATS", "1", "--seats"),
        ("SEATS", "9", "--seats"),
        ("SEED", "-1", "--seed"),
        ("SEED", "4294967296", "--seed"),
        ("GATHER", "61", "--gather"),
        ("GATHER", "NaN", "--gather"),
        ("GRACE", "0.5", "--grace"),
        ("GRACE", "61", "--grace"),
        ("PUBLIC_PATH", "a/b", "--public-path"),
        ("MAX_SOCKETS", "0", "--max-sockets"),
        ("CAPACITY", "0", "--capacity"),
        ("CAPACITY", "201", "--capacity"),
        ("MATCHES_URL", "matches:6379", "--matches-url"),
        (
            "MATCHES_URL",
            "redis://:secret@matches:6379",
            "--matches-url",
        ),
        ("PROXY_URL", "traefik", "--proxy-url"),
        ("PROXY_URL", "https://traefik", "--proxy-url"),
    ] {
        let output = stack
            .run_service("gameserver", &[], &[(variable, value)])
            .await?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(
            output.status.code() == Some(2),
            "{variable}={value}: {told}"
        );
        ensure!(told.lines().count() == 1 && told.contains(option), "{told}");
    }
    let output = stack.run_service("gameserver", &["--help"], &[]).await?;
    let help = String::from_utf8(output.stdout)?;
    ensure!(
        help.contains("--tick-rate") && !help.contains("panic"),
        "{help}"
    );
    Ok(())
}

#[tokio::test]
async fn seats_and_ticks_are_as_configured() -> anyhow::Result<()> {
    let builder = Stack::builder()
        .environment("SEATS", "3")
        .environment("TICK_RATE", "60")
        .environment("CAPACITY", "7")
        .environment("GATHER", "0.5");
    let stack = builder.start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::open_at(&stack, &ticket.path).await?;
    ada.client().show(&ticket.ticket).await?;
    let welcome = ada.frame("welcome").await?;
    ensure!(
        welcome["seats"] == 3 && welcome["tick_rate"] == 60,
        "{welcome}"
    );
    let gathering = ada.frame("gathering").await?;
    ensure!(gathering["starts_in_ms"] == 500, "{gathering}");
    let snapshot = ada.snapshot().await?;
    ensure!(snapshot.state.goats.len() == 3);
    let status = status(&stack).await?;
    ensure!(
        status["capacity"] == 7 && status["tick_rate"] == 60,
        "{status}"
    );
    let only = the_match(&stack).await?;
    ensure!(only["seats"][2] == "bot", "{only}");
    Ok(())
}

/// G62: a process that reaches its share of the CPUs stands still for the rest of a tenth of a second.
#[tokio::test]
async fn no_limit_of_cpus_makes_the_game_stand_still() -> anyhow::Result<()> {
    let file = workspace_root().join("docker/gameserver.yml");
    let text = std::fs::read_to_string(file)?;
    let sets = text
        .lines()
        .find(|line| line.trim_start().starts_with("cpu"));
    ensure!(sets.is_none(), "{sets:?}");
    let why = text.lines().find(|line| line.contains("No limit of CPUs"));
    why.context("the file does not say why")?;
    Ok(())
}
