//! What can be chosen of the number of game servers.

/// How many game servers there are.
///
/// Without clap's group of the same name, so that these options fit into any other command's.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
pub struct Options {
    /// Start game servers as matches need them, and stop those that have had none for a while
    #[arg(long)]
    pub autoscale: bool,

    /// Matches that there is always room for: 1 to 1000 [default: as many as one game server has room for]
    #[arg(
        long,
        requires = "autoscale",
        value_name = "MATCHES",
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub buffer: Option<u32>,
}
