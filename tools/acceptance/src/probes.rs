//! The problems, one function each.

mod a_deploy_in_the_middle;
mod login_remembered;
mod message_known_everywhere;
mod missed_while_away;
mod one_home;
mod second_replica;
mod the_ninth_goat;
mod told_without_asking;
mod two_seconds_without_network;
mod why_was_it_slow;

pub use a_deploy_in_the_middle::a_deploy_in_the_middle;
pub use login_remembered::login_remembered;
pub use message_known_everywhere::message_known_everywhere;
pub use missed_while_away::missed_while_away;
pub use one_home::one_home;
pub use second_replica::second_replica;
pub use the_ninth_goat::the_ninth_goat;
pub use told_without_asking::told_without_asking;
pub use two_seconds_without_network::two_seconds_without_network;
pub use why_was_it_slow::why_was_it_slow;
