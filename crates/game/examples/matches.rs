//! Plays matches of bots and tells how they went. Whoever changes the rules sees here what that does to the game.
//!
//! ```sh
//! cargo run -p game --example matches
//! ```

use game::{Input, Outcome, State, TICKS_PER_SECOND, bot};

const MATCHES: u32 = 4_000;
const SEATS: usize = 8;

fn main() {
    let mut tally = Tally::default();
    for seed in 0..MATCHES {
        tally.play(seed);
    }
    tally.tell();
}

#[derive(Default)]
struct Tally {
    ticks: Vec<u32>,
    wins: [u32; SEATS],
    drawn: u32,
    butts: u32,
    hits: u32,
    falls: u32,
    /// Falls of goats that nobody had hit for two seconds.
    missteps: u32,
}

impl Tally {
    fn play(&mut self, seed: u32) {
        let mut state = State::new(seed, SEATS);
        let mut hit_at = [None; SEATS];
        while state.outcome() == Outcome::Playing {
            let inputs: [Input; SEATS] = std::array::from_fn(|seat| bot(seed, &state, seat));
            let before = state.clone();
            state.step(&inputs);
            for seat in 0..SEATS {
                let (was, is) = (&before.goats[seat], &state.goats[seat]);
                if was.charge > 0 && was.fainted == 0 && !inputs[seat].hold {
                    self.butts += 1;
                }
                if is.fainted > was.fainted {
                    self.hits += 1;
                    hit_at[seat] = Some(state.tick);
                }
                if is.lives < was.lives {
                    let two_seconds_ago = state.tick.saturating_sub(2 * TICKS_PER_SECOND);
                    self.falls += 1;
                    self.missteps += u32::from(hit_at[seat] < Some(two_seconds_ago));
                }
            }
        }
        self.ticks.push(state.tick);
        match state.outcome() {
            Outcome::Won(seat) => self.wins[seat] += 1,
            Outcome::Playing | Outcome::Drawn => self.drawn += 1,
        }
    }

    fn tell(mut self) {
        self.ticks.sort_unstable();
        let last = self.ticks.len() - 1;
        let [shortest, early, middle, late, longest] =
            [0, 5, 50, 95, 100].map(|percent| self.ticks[last * percent / 100] / TICKS_PER_SECOND);
        println!("{MATCHES} matches of {SEATS} bots");
        println!(
            "length     {middle} s; nine of ten {early} to {late} s, all {shortest} to {longest} s"
        );
        let expected = f64::from(MATCHES - self.drawn) / SEATS as f64;
        let off = self.wins.map(|wins| (f64::from(wins) - expected).powi(2));
        let chi_square = off.iter().sum::<f64>() / expected;
        println!(
            "won        {:?} by seat, chi-square {chi_square:.1}; {} drawn",
            self.wins, self.drawn
        );
        let [butts, hits, falls, missteps] = [self.butts, self.hits, self.falls, self.missteps]
            .map(|count| f64::from(count) / f64::from(MATCHES));
        println!("in a match {butts:.0} butts, {hits:.0} hits, {falls:.1} falls");
        println!("           {missteps:.1} of these without having been hit");
    }
}
