//! Friends who want to sit together: a code, who has it, and what becomes of it.

mod walks;

use std::{collections::BTreeSet, time::Duration};

use acceptance::quiet;
use anyhow::{Context, ensure};
use bot::{
    Lobby, Target,
    browser::http_client,
    lobby::{LobbyState, PartyState},
    log_in_all,
};
use futures_util::future::try_join_all;
use stack::{Stack, until};
use tokio::time::Instant;

use super::lobby::{AGREED_WITHIN, enter, log_in, refused_with, with_seats};

/// The characters of a code: Crockford's base32.
const CHARACTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Chance that is the same each time, so that a test that fails fails again.
struct Chance(u64);

impl Chance {
    /// The next number below this.
    fn below(&mut self, end: usize) -> usize {
        // Knuth's constants. The upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn code(&mut self) -> String {
        let characters = (0..8).map(|_| char::from(CHARACTERS[self.below(CHARACTERS.len())]));
        characters.collect()
    }
}

fn party_of(state: LobbyState) -> anyhow::Result<PartyState> {
    state.party.context("no party")
}

/// A party of so many friends, who have logged in through Traefik.
async fn friends(stack: &Stack, count: usize) -> anyhow::Result<(Vec<Lobby>, String)> {
    let mut friends = vec![log_in(stack, "Ada").await?];
    let code = party_of(friends[0].create_party().await?)?.code;
    for number in 1..count {
        let friend = log_in(stack, &format!("Friend {number}")).await?;
        friend.join_party(&code).await?;
        friends.push(friend);
    }
    Ok((friends, code))
}

#[tokio::test]
async fn a_code_works_however_it_is_typed() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("LOGIN_RATE", "100");
    let stack = builder.start().await?;
    // One in which there is something to be mistaken about: a third of all codes has none of these.
    let mut host = log_in(&stack, "Host").await?;
    let mut party = party_of(host.create_party().await?)?;
    while !party.code.contains('0') || !party.code.contains('1') {
        host = log_in(&stack, "Host").await?;
        party = party_of(host.create_party().await?)?;
    }
    ensure!(
        party.code.len() == 9 && party.code.as_bytes()[4] == b'-' && party.size == 8,
        "{party:?}"
    );
    // Who is in one gets that one again.
    ensure!(party_of(host.create_party().await?)? == party);
    let bare = party.code.replace('-', "");
    let ada = log_in(&stack, "Ada").await?;
    for typed in [
        party.code.clone(),
        party.code.to_lowercase(),
        bare.replace('0', "O").replace('1', "I"),
        bare.replace('0', "o").replace('1', "l"),
        format!(" {} {} ", &bare[..2], &bare[2..]),
    ] {
        let joined = party_of(ada.join_party(&typed).await?)?;
        ensure!(joined.code == party.code, "{typed:?}: {joined:?}");
        let names: Vec<_> = joined.members.iter().map(|who| who.name.as_str()).collect();
        ensure!(names == ["Host", "Ada"], "{names:?}");
        ada.leave_party().await?;
        ensure!(ada.state().await?.party.is_none());
    }
    for typed in [
        "",
        "ABCD",
        "ABCD-EFGHJ",
        "ABCD-EFG!",
        "UUUU-UUUU",
        "🐐🐐🐐🐐🐐🐐🐐🐐",
    ] {
        refused_with(ada.join_party(typed).await, "malformed_code")?;
    }
    Ok(())
}

#[tokio::test]
async fn nine_are_refused_at_joining() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let (friends, code) = friends(&stack, 8).await?;
    let ninth = log_in(&stack, "Ninth").await?;
    refused_with(ninth.join_party(&code).await, "party_full")?;
    ensure!(ninth.state().await?.party.is_none());
    friends[3].leave_party().await?;
    let party = party_of(ninth.join_party(&code).await?)?;
    ensure!(party.members.len() == 8, "{party:?}");
    // All at the same time: the last place is one place.
    ninth.leave_party().await?;
    let joined =
        futures_util::future::join_all([friends[3].join_party(&code), ninth.join_party(&code)]);
    let joined = joined.await.into_iter().filter(Result::is_ok).count();
    ensure!(joined == 1, "{joined} have got the last place");
    Ok(())
}

#[tokio::test]
async fn whoever_joins_another_party_leaves_the_first() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let (first, _) = friends(&stack, 2).await?;
    let (_second, code) = friends(&stack, 1).await?;
    first[1].join_party(&code).await?;
    let left = party_of(first[0].state().await?)?;
    ensure!(left.members.len() == 1, "{left:?}");
    Ok(())
}

/// Each asks for a ticket of their own, at the same moment and at different web servers, and each ticket is good.
#[tokio::test]
async fn friends_who_all_press_at_once_are_seated_in_one_match() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder().scale("webserver", 3)).await?;
    let (friends, code) = friends(&stack, 8).await?;
    let tickets = try_join_all(friends.iter().map(|friend| friend.play(Some(&code)))).await?;
    let matches: BTreeSet<_> = tickets.iter().map(|ticket| &ticket.match_id).collect();
    let seats: BTreeSet<_> = tickets.iter().map(|ticket| ticket.seat).collect();
    ensure!(matches.len() == 1 && seats.len() == 8, "{tickets:?}");
    try_join_all(tickets.iter().map(|ticket| enter(&stack, ticket))).await?;
    Ok(())
}

#[tokio::test]
async fn one_presses_and_the_others_are_told_where_they_sit() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder().scale("webserver", 2)).await?;
    let (friends, code) = friends(&stack, 3).await?;
    let first = friends[2].play(Some(&code)).await?;
    // The one who has pressed is there already, and stays, when the others come.
    let _socket = enter(&stack, &first).await?;
    for friend in &friends[..2] {
        let seat = friend.state().await?.seat.context("no seat")?;
        ensure!(seat.match_id == first.match_id && !seat.taken, "{seat:?}");
        let ticketed = friend.play(Some(&code)).await?;
        ensure!(ticketed.seat == Some(seat.seat), "{ticketed:?}");
        enter(&stack, &ticketed).await?;
    }
    let seat = friends[2].state().await?.seat.context("no seat")?;
    ensure!(seat.taken && Some(seat.seat) == first.seat, "{seat:?}");
    Ok(())
}

#[tokio::test]
async fn a_party_is_for_those_who_are_in_it() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let (friends, code) = friends(&stack, 2).await?;
    refused_with(friends[0].play(None).await, "in_party")?;
    let (strangers, _) = self::friends(&stack, 1).await?;
    refused_with(strangers[0].play(Some(&code)).await, "not_in_party")?;
    refused_with(friends[0].play(Some("no code")).await, "malformed_code")?;
    ensure!(friends[0].state().await?.seat.is_none());
    Ok(())
}

#[tokio::test]
async fn a_friend_who_sits_elsewhere_is_not_torn_away() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let (ada, bob) = (log_in(&stack, "Ada").await?, log_in(&stack, "Bob").await?);
    let playing = bob.play(None).await?;
    let _socket = enter(&stack, &playing).await?;
    // Ada has a seat, too, and has not gone there. That keeps nobody from anything.
    ada.play(None).await?;
    let code = party_of(ada.create_party().await?)?.code;
    bob.join_party(&code).await?;
    refused_with(ada.play(Some(&code)).await, "member_plays")?;
    ensure!(bob.state().await?.seat.is_some_and(|seat| seat.taken));
    // Bob himself may say that he goes with Ada.
    bob.leave().await?;
    let seat = ada.play(Some(&code)).await?;
    ensure!(bob.state().await?.seat.context("no seat")?.match_id == seat.match_id);
    Ok(())
}

#[tokio::test]
async fn a_code_is_dead_after_its_match() -> anyhow::Result<()> {
    // It begins as soon as somebody comes.
    let stack = with_seats(Stack::builder().environment("GATHER", "0")).await?;
    let (friends, code) = friends(&stack, 2).await?;
    let mut sockets = Vec::new();
    for friend in &friends {
        sockets.push(enter(&stack, &friend.play(Some(&code)).await?).await?);
    }
    // A match that all have left is over.
    drop(sockets);
    until("the end of the party", AGREED_WITHIN, async || {
        let state = friends[0]
            .state()
            .await
            .map_err(|error| error.to_string())?;
        let is_over = state.party.is_none() && state.seat.is_none();
        is_over.then_some(()).ok_or_else(|| format!("{state:?}"))
    })
    .await?;
    let ada = log_in(&stack, "Cem").await?;
    refused_with(ada.join_party(&code).await, "no_such_party")?;
    refused_with(friends[1].play(Some(&code)).await, "party_dissolved")?;
    // They can go on at once, alone or together.
    friends[0].play(None).await?;
    let again = party_of(friends[1].create_party().await?)?;
    ensure!(again.code != code);
    Ok(())
}

/// All guess from the address at which a class sits, and the class is not locked out.
#[tokio::test]
async fn a_thousand_parties_and_twenty_thousand_guesses_make_no_hit() -> anyhow::Result<()> {
    let builder = quiet().environment("LOGIN_RATE", "10000");
    let mut stack = builder.start().await?;
    let target = Target::at(stack.replica(0)?.address())?;
    let client = http_client(Duration::from_secs(30))?;
    let sessions = log_in_all(&[target], 1060, "Player", |_| ()).await?;
    let players: Vec<Lobby> = sessions
        .iter()
        .map(|session| Lobby::of_session(client.clone(), session))
        .collect();
    let (guessers, players) = players.split_at(20);
    let (pupils, hosts) = players.split_at(40);
    let mut codes = Vec::new();
    for some in hosts.chunks(50) {
        let made = try_join_all(some.iter().map(Lobby::create_party)).await?;
        for state in made {
            codes.push(party_of(state)?.code);
        }
    }
    let different: BTreeSet<_> = codes.iter().collect();
    ensure!(different.len() == 1000);

    let begun = Instant::now();
    let guessing = guessers
        .iter()
        .enumerate()
        .map(|(number, guesser)| async move {
            let mut chance = Chance(number as u64);
            let mut wrong = 0;
            for _ in 0..1000 {
                let error = guesser.join_party(&chance.code()).await.err();
                let error = error.context("a guess was a hit")?;
                match error.code() {
                    Some("no_such_party") => wrong += 1,
                    Some("too_many_guesses") if error.retry_after().is_some() => {}
                    _ => return Err(error.into()),
                }
            }
            anyhow::Ok(wrong)
        });
    let joining = pupils.iter().zip(&codes).map(|(pupil, code)| async move {
        let joined = pupil.join_party(code).await.context("a pupil")?;
        ensure!(party_of(joined)?.members.len() == 2);
        Ok(())
    });
    let (wrong, _) = tokio::try_join!(try_join_all(guessing), async {
        // When the guesses of the address are used up.
        tokio::task::yield_now().await;
        try_join_all(joining).await
    })?;
    let looked_up: usize = wrong.iter().sum();
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    println!(
        "{looked_up} of 20000 guesses were looked up, in {:?}",
        begun.elapsed()
    );
    // Those of the address, and the first of each browser.
    let most = 20.0 + 120.0 * (1.0 + minutes);
    ensure!(
        (looked_up as f64) < most + 1.0,
        "{looked_up} were looked up"
    );
    // And after it, when the class tries once more.
    try_join_all(pupils.iter().zip(&codes).map(async |(pupil, code)| {
        pupil.leave_party().await?;
        pupil.join_party(code).await
    }))
    .await?;
    Ok(())
}
