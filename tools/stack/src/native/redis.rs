//! Redis as the native engine runs it, with the data that it had.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::Context;

use super::{
    kind::{ServerKind, Setting},
    ready::Ready,
};

const PORT: u16 = 6379;

/// Redis, each as `redis/NAME.conf` configures it.
pub(crate) const REDIS: ServerKind = ServerKind {
    image: "redis",
    program: "redis-server",
    cure: "brew install redis, or apt-get install redis-server, or see https://redis.io/docs/latest/operate/oss_and_stack/install/",
    ports: &[PORT],
    password: Some("REDISCLI_AUTH"),
    arguments,
    ready,
};

/// Writes a configuration that is the repository's, and then says what differs on this machine. The last word wins in
/// Redis. It is a copy, because Redis would take some characters of a path after "include" as a pattern. The user for the viewer is there, too, with the same password, though no viewer runs here.
///
/// The password is in the file, and not in the arguments, because everyone on the machine can read those.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let name = setting.name;
    let source = setting.root.join(format!("redis/{name}.conf"));
    let shared =
        fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let data = setting.data();
    fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
    let password = setting.network.password(name)?;
    let rights = setting.root.join(format!("redis/{name}.viewer"));
    let rights =
        fs::read_to_string(&rights).with_context(|| format!("cannot read {}", rights.display()))?;
    let text = format!(
        "{shared}\nbind 127.0.0.1\nport {}\ndir {}\nrequirepass {password}\n\
         user viewer on >{password} {}\n",
        setting.network.port(name, PORT)?.number(),
        quoted(&data),
        rights.trim()
    );
    let target = setting.folder.join("redis.conf");
    write_private(&target, &text).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(vec![target.into()])
}

/// A path as one word of Redis' configuration, whatever characters it has.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

/// While it still reads its data, it answers "LOADING".
fn ready(setting: &Setting<'_>) -> anyhow::Result<Ready> {
    let password = setting.network.password(setting.name)?;
    Ok(Ready::Lines {
        requests: requests(password, "PING"),
        answer: "+PONG",
    })
}

/// One command, in the form that Redis' protocol has for people.
fn requests(password: &str, command: &str) -> String {
    format!("AUTH {password}\r\n{command}\r\nQUIT\r\n")
}

/// Writes a file that only this user can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::{
        http_client::http_client,
        native::{network::Network, ready::exchange, server::Server},
        ports::Port,
        topology::{Topology, workspace_root},
    };

    async fn ask(address: &str, password: &str, command: &str) -> String {
        let answer = exchange(address, &requests(password, command)).await;
        let answer = answer.unwrap();
        // AUTH and QUIT are answered too.
        let answer = answer.strip_prefix("+OK\r\n").unwrap_or(&answer);
        let answer = answer.strip_suffix("+OK\r\n").unwrap_or(answer);
        answer.trim_end().to_owned()
    }

    #[test]
    fn a_path_is_one_word() {
        let path = quoted(Path::new(r#"/my %goats' ü/a"b\c"#));
        assert_eq!(path, r#""/my %goats' ü/a\"b\\c""#);
    }

    #[tokio::test]
    async fn a_restarted_redis_has_what_it_is_configured_to_keep() {
        let topology = Topology::load(&workspace_root()).unwrap();
        for (name, _) in topology.services_of(REDIS.image) {
            let mut network = Network::default();
            network.add_port(name, PORT, Port::reserve().unwrap());
            network.add_password(name, "written").unwrap();
            let http = http_client(Duration::from_secs(10)).unwrap();
            let root = &topology.root;
            let redis = Server::new(&REDIS, name, root, &Arc::new(network), http, None).unwrap();
            redis.start().await.unwrap();
            let (address, password) = (redis.address(), redis.password().unwrap().to_owned());
            let wrong = ask(&address, "wrong", "PING").await;
            assert!(wrong.contains("NOAUTH"), "{wrong}");
            let ask = async |command: &str| ask(&address, &password, command).await;
            assert_eq!(ask("SET key value").await, "+OK");
            let keeps = ask("CONFIG GET appendonly").await.contains("yes");
            redis.stop().await.unwrap();
            redis.start().await.unwrap();
            let value = ask("GET key").await;
            assert_eq!(value.contains("value"), keeps, "{name}: {value}");
            assert!(redis.start().await.is_err());
            redis.kill().await.unwrap();
            redis.start().await.unwrap();
            assert_eq!(ask("GET key").await, value);
        }
    }
}
