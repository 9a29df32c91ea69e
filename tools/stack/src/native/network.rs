//! Where everything is on this machine that the compose file names by its host and port.

use std::{cmp::Reverse, collections::BTreeMap};

use anyhow::Context;

use crate::{ports::Port, random::random_password, topology::with_defaults};

/// Traefik's port for the web, in its container.
const WEB: u16 = 8000;

/// The ports and the passwords of all servers. Both stay the same over restarts.
#[derive(Debug, Default)]
pub struct Network {
    ports: BTreeMap<(String, u16), Port>,
    passwords: BTreeMap<String, Password>,
}

/// A password that differs from stack to stack.
#[derive(Debug)]
struct Password {
    /// As the compose file writes it, such as `${PASSWORD:-known}`.
    written: String,
    real: String,
}

impl Network {
    /// Gives the server `name` a port of this machine for one of its container's.
    pub(crate) fn add_port(&mut self, name: &str, inner: u16, port: Port) {
        self.ports.insert((name.to_owned(), inner), port);
    }

    /// Gives the server `name` a password that nobody can guess, in place of the one that is written.
    pub(crate) fn add_password(&mut self, name: &str, written: &str) -> anyhow::Result<()> {
        let password = Password {
            written: written.to_owned(),
            real: random_password()?,
        };
        self.passwords.insert(name.to_owned(), password);
        Ok(())
    }

    /// The port that stands here for a port of the server's container.
    ///
    /// # Errors
    /// When there is no such server, or it has no such port.
    pub fn port(&self, name: &str, inner: u16) -> anyhow::Result<&Port> {
        let port = self.ports.get(&(name.to_owned(), inner));
        port.with_context(|| format!("{name}:{inner} is not known here"))
    }

    /// The password of the server `name`.
    ///
    /// # Errors
    /// When it has none.
    pub fn password(&self, name: &str) -> anyhow::Result<&str> {
        let password = self.passwords.get(name);
        let password = password.with_context(|| format!("{name} has no password"))?;
        Ok(&password.real)
    }

    /// A text of the compose file, or of a server's configuration, with this machine's addresses and passwords in place
    /// of the containers'.
    #[must_use]
    pub fn of_this_machine(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let ports = self.ports.iter();
        let mut ports: Vec<(String, &Port)> = ports
            .map(|((name, inner), port)| (format!("{name}:{inner}"), port))
            .collect();
        // A longer name may end with a shorter one, so it comes first.
        ports.sort_by_key(|(address, _)| Reverse(address.len()));
        for (address, port) in ports {
            text = text.replace(&address, &port.address());
        }
        for password in self.passwords.values() {
            text = text.replace(&password.written, &password.real);
        }
        text
    }

    /// The same for a value in the compose file, which may name variables that have defaults. The port that Docker would
    /// publish is Traefik's here.
    #[must_use]
    pub fn value(&self, value: &str) -> String {
        let mut value = self.of_this_machine(value);
        if let Ok(port) = self.port("traefik", WEB) {
            value = value.replace("${HTTP_PORT:-80}", &port.number().to_string());
        }
        with_defaults(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_passwords_are_those_of_this_machine() {
        let mut network = Network::default();
        network.add_port("store", 1, Port::reserve().unwrap());
        network.add_port("big-store", 1, Port::reserve().unwrap());
        network.add_password("store", "${SECRET:-known}").unwrap();
        network.add_port("traefik", WEB, Port::reserve().unwrap());
        let web = network.port("traefik", WEB).unwrap().number();
        assert_eq!(network.value("at_${HTTP_PORT:-80}"), format!("at_{web}"));
        let small = network.port("store", 1).unwrap().address();
        let big = network.port("big-store", 1).unwrap().address();
        let password = network.password("store").unwrap();
        let text = network.value("http://store:1 big-store:1 ${SECRET:-known} ${OTHER:-a} store:2");
        assert_eq!(text, format!("http://{small} {big} {password} a store:2"));
        assert!(network.port("store", 2).is_err());
        assert!(network.password("big-store").is_err());
    }
}
