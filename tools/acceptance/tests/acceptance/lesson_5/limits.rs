//! What may be said from one browser does not begin anew with another name.

use acceptance::{answer::expect, player::Player};
use anyhow::ensure;
use stack::Stack;
use tokio::time::Instant;

/// Messages a second from one browser, and how many at once.
const RATE: f64 = 5.0;
const AT_ONCE: f64 = 10.0;

#[tokio::test]
async fn another_login_does_not_begin_the_limit_anew() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let begun = Instant::now();
    let mut player = Player::log_in(&address, "Player 0").await?;
    let mut said = 0.0;
    for login in 1..5 {
        for _ in 0..10 {
            let answer = player.try_say(&address, "hello").await?;
            if answer.status() == 201 {
                said += 1.0;
            } else {
                expect(answer, 429).await?;
            }
        }
        player = player
            .log_in_again(&address, &format!("Player {login}"))
            .await?;
    }
    let allowed = AT_ONCE + RATE * begun.elapsed().as_secs_f64();
    ensure!(
        said <= allowed + 1.0,
        "{said} were said, and {allowed} allowed"
    );
    // Nobody else is held back.
    Player::log_in(&address, "Ada")
        .await?
        .say(&address, "hello")
        .await?;
    Ok(())
}
