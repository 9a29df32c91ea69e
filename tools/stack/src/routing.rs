//! Waiting until requests through Traefik reach replicas.

use std::{collections::BTreeSet, time::Duration};

use crate::wait::until;

/// Asks again and again, with `who_answers`, until each replica in `missing` has answered once.
///
/// # Errors
/// When none of those that are still missing answers within `limit`.
pub(crate) async fn all_answer<F>(
    mut missing: BTreeSet<String>,
    limit: Duration,
    who_answers: impl Fn() -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<String>>,
{
    while !missing.is_empty() {
        let what = format!("routing to {missing:?}");
        let found = until(&what, limit, async || {
            let id = who_answers().await;
            let id = id.map_err(|error| format!("{error:#}"))?;
            if missing.contains(&id) {
                Ok(id)
            } else {
                Err(format!("{id} answers"))
            }
        });
        let found = found.await?;
        missing.remove(&found);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn each_must_answer_and_others_may() {
        let turn = Cell::new(0);
        let ids = ["a", "b", "c"];
        let who_answers = async || {
            turn.set(turn.get() + 1);
            Ok(ids[turn.get() % ids.len()].to_owned())
        };
        let limit = Duration::from_millis(100);
        let missing = |id: &str| BTreeSet::from([id.to_owned(), "a".to_owned()]);
        all_answer(missing("b"), limit, who_answers).await.unwrap();
        let error = all_answer(missing("d"), limit, who_answers).await;
        assert!(error.unwrap_err().to_string().contains(r#"{"d"}"#));
    }
}
