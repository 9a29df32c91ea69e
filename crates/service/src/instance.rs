//! One start of a replica, which has a name and a route of its own.
//!
//! A replica's name outlives its process: who is started again under it is routed again. That is right where all replicas are alike. It is wrong
//! where a process holds something in its memory that died with the last one, such as a match.

use discovery::{Segment, Service};
use sha2::{Digest, Sha256};

use crate::replica::Replica;

/// Lower-case digits and letters without those that are easily mistaken for others, as Crockford's base32 has them.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// So many characters are 50 bits.
const LENGTH: usize = 10;

/// The name of this start of a replica: `gs-` and ten digits and letters.
///
/// It is computed from the replica's name and the moment of its start. So everybody in this process finds the same one, and no other
/// process has it.
#[must_use]
pub fn instance_of(replica: &Replica) -> Segment {
    name(&replica.id.to_string(), &replica.started_at.to_string())
}

/// The same service with a route to this instance beside each route that has a folder.
pub fn with_own_routes(mut service: Service, replica: &Replica) -> Service {
    let instance = instance_of(replica);
    let routes = service.routes.iter();
    let own: Vec<_> = routes.filter_map(|route| route.below(&instance)).collect();
    service.routes.extend(own);
    service
}

fn name(id: &str, started_at: &str) -> Segment {
    // A blank stands in neither of them, so no two pairs are hashed alike.
    let hash = Sha256::digest(format!("{id} {started_at}"));
    let characters = hash.iter().take(LENGTH);
    let name: String = characters
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    match format!("gs-{name}").parse() {
        Ok(segment) => segment,
        Err(error) => unreachable!("digits and letters are a segment: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use discovery::{HealthCheck, Route};

    use super::*;

    #[test]
    fn each_start_has_a_name_of_its_own() {
        let (first, second) = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z");
        let one = name("gameserver-1", first);
        assert_eq!(one, name("gameserver-1", first));
        assert_ne!(one, name("gameserver-1", second));
        assert_ne!(one, name("gameserver-2", first));
        let text = one.to_string();
        let (prefix, rest) = text.split_at(3);
        assert_eq!((prefix, rest.len()), ("gs-", LENGTH));
        assert!(rest.bytes().all(|byte| ALPHABET.contains(&byte)), "{rest}");
    }

    #[test]
    fn only_a_service_that_has_a_folder_has_a_route_for_each_instance() {
        let replica = Replica::new("gameserver", "gameserver-1".parse().unwrap());
        let route = Route::new("gameserver", "webserver.localhost".parse().unwrap());
        let with = |route: Route| {
            let service = Service {
                id: replica.id.to_string(),
                started_at: replica.started_at.to_string(),
                name: "gameserver".to_owned(),
                address: None,
                port: 1,
                routes: vec![route],
                check: HealthCheck {
                    path: "/health/live".to_owned(),
                    interval: Duration::from_secs(1),
                    timeout: Duration::from_secs(1),
                    deregister_after: Duration::from_secs(60),
                },
            };
            with_own_routes(service, &replica).routes
        };
        assert_eq!(with(route.clone()).len(), 1);
        let routes = with(route.under(&"game".parse().unwrap()));
        let own = format!("{:?}", routes[1]);
        let instance = instance_of(&replica);
        assert!(own.contains(&format!("\"/game/{instance}/\"")), "{own}");
    }
}
