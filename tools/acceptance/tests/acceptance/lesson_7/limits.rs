//! What may be said from one browser, over all replicas.

use acceptance::{
    answer::{expect, header, refused},
    player::Player,
};
use anyhow::ensure;
use stack::Stack;
use tokio::time::Instant;

/// Messages a second from one browser, and how many at once.
const RATE: f64 = 5.0;
const AT_ONCE: f64 = 10.0;

/// Each replica lets ten through by its own count, which would be thirty.
#[tokio::test]
async fn whoever_speaks_to_three_replicas_may_not_say_three_times_as_much() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let replicas: Vec<String> = stack
        .replicas()
        .map(|replica| replica.address().to_owned())
        .collect();
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let begun = Instant::now();
    let (mut said, mut refusals) = (0.0, 0);
    for number in 0..30 {
        let address = &replicas[number % 3];
        let answer = ada
            .try_say_once(address, &format!("key-{number}"), "hello")
            .await?;
        if answer.status() == 201 {
            said += 1.0;
            continue;
        }
        refusals += 1;
        let seconds: u64 = header(&answer, "retry-after")?.parse()?;
        ensure!((1..=2).contains(&seconds), "retry after {seconds} s");
        refused(answer, 429).await?;
    }
    let allowed = AT_ONCE + RATE * begun.elapsed().as_secs_f64();
    println!("{said} were said, {allowed} allowed, {refusals} refused");
    ensure!(
        said <= allowed + 1.0,
        "{said} were said, and {allowed} allowed"
    );
    // What was said is known, however much more was tried: the answer to it is no new message.
    let again = ada.try_say_once(&replicas[1], "key-0", "hello").await?;
    if again.status() != 429 {
        expect(again, 200).await?;
    }
    // Nobody else is held back.
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    for address in &replicas {
        bob.say(address, "hello").await?;
    }
    Ok(())
}
