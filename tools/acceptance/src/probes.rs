//! The problems, one function each.

mod login_remembered; // lesson 3
mod message_known_everywhere; // lesson 4
mod missed_while_away; // lesson 6
mod one_home; // lesson 7
mod second_replica;
mod told_without_asking; // lesson 5

pub use login_remembered::login_remembered; // lesson 3
pub use message_known_everywhere::message_known_everywhere; // lesson 4
pub use missed_while_away::missed_while_away; // lesson 6
pub use one_home::one_home; // lesson 7
pub use second_replica::second_replica;
pub use told_without_asking::told_without_asking; // lesson 5
