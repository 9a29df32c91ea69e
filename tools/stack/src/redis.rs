use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    ports::Port,
    process::{Process, Sink},
    tools::{Tool, find_tool},
    topology::Topology,
    wait::until,
};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// Starts a program that is not told by a signal that its file may not grow. The write then fails, as it does on a full
/// disk, which is what a limit on its files stands for.
const DEAF: &str = r#"trap "" XFSZ; exec "$0" "$@""#;

/// One Redis, with its port, its password and its data, all of which it keeps over restarts.
pub struct Redis {
    name: String,
    port: Port,
    password: String,
    sink: Option<Sink>,
    // Dropped in this order: the process first, then the folder that it writes into.
    process: Option<Process>,
    folder: TempDir,
}

impl Redis {
    pub fn new(name: &str, sink: Option<Sink>) -> anyhow::Result<Redis> {
        let folder = tempfile::Builder::new()
            .prefix("goatscale-redis-")
            .tempdir()
            .context("cannot create a temporary folder")?;
        Ok(Redis {
            name: name.to_owned(),
            port: Port::reserve()?,
            password: random_password()?,
            sink,
            process: None,
            folder,
        })
    }

    /// The name of its service.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.port.address()
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    pub fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    pub fn runs(&mut self) -> bool {
        let runs = |process: &mut Process| process.ensure_running().is_ok();
        self.process.as_mut().is_some_and(runs)
    }

    /// The folder that it keeps its data in.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts it with the repository's configuration and the data that it had, and waits until it answers.
    pub async fn start(&mut self, topology: &Topology) -> anyhow::Result<()> {
        ensure!(!self.runs(), "{} runs already", self.name);
        let configuration = self.render(topology)?;
        let program = find_tool(Tool::Redis)?;
        let process = self.process.insert(Process::spawn(
            &self.name,
            Path::new("/bin/sh"),
            [
                "-c".as_ref(),
                DEAF.as_ref(),
                program.as_os_str(),
                configuration.as_os_str(),
            ],
            [],
            self.sink.clone(),
        )?);
        let (address, password) = (self.port.address(), &self.password);
        let what = format!("the start of {}", self.name);
        let answers = until(&what, READY_WITHIN, async || {
            let answer = ask(&address, password, "PING").await;
            let answer = answer.map_err(|error| error.to_string())?;
            // While it still reads its data, it answers "LOADING".
            if answer == "+PONG" {
                Ok(())
            } else {
                Err(answer)
            }
        });
        process.ready_when(answers).await
    }

    /// Ends it with SIGTERM, at which it writes its data.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.stop(Duration::from_secs(10)).await?;
        }
        Ok(())
    }

    /// Ends it with SIGKILL, as a power cut would.
    pub async fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        let process = self.process.take();
        let mut process = process.with_context(|| self.does_not_run())?;
        process.kill().await
    }

    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let process = self.process.as_ref().with_context(|| self.does_not_run())?;
        process.signal(signal)
    }

    fn does_not_run(&self) -> String {
        format!("{} does not run", self.name)
    }

    /// Writes a configuration that takes the repository's, and then says what differs on this machine. The last
    /// word wins in Redis.
    ///
    /// The password is in the file, and not in the arguments, because everyone on the machine can read those.
    fn render(&self, topology: &Topology) -> anyhow::Result<PathBuf> {
        let source = topology.root.join(format!("redis/{}.conf", self.name));
        ensure!(source.is_file(), "{} is missing", source.display());
        let data = self.data();
        fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
        let text = format!(
            "include {}\nbind 127.0.0.1\nport {}\ndir {}\nrequirepass {}\n",
            source.display(),
            self.port.number(),
            data.display(),
            self.password
        );
        let target = self.folder.path().join("redis.conf");
        write_private(&target, &text)
            .with_context(|| format!("cannot write {}", target.display()))?;
        Ok(target)
    }
}

/// The answer of a Redis to one command. Its protocol has a form for people, which is all that is needed here.
async fn ask(address: &str, password: &str, command: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("AUTH {password}\r\n{command}\r\nQUIT\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    // AUTH and QUIT are answered too.
    let answer = answer.strip_prefix("+OK\r\n").unwrap_or(&answer);
    let answer = answer.strip_suffix("+OK\r\n").unwrap_or(answer);
    Ok(answer.trim_end().to_owned())
}

/// Writes a file that only this user can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// 32 hexadecimal digits that nobody can guess.
fn random_password() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("cannot read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_differ_and_need_no_quotes() {
        let (one, two) = (random_password().unwrap(), random_password().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
        assert!(one.chars().all(|c| c.is_ascii_hexdigit()));
    }

    /// On lessons without a Redis there is nothing to look at.
    #[tokio::test]
    async fn a_restarted_redis_has_what_it_is_configured_to_keep() {
        let topology = Topology::load(&crate::workspace_root()).unwrap();
        for (name, _) in topology.redis_services() {
            let mut redis = Redis::new(name, None).unwrap();
            redis.start(&topology).await.unwrap();
            let (address, password) = (redis.address(), redis.password().to_owned());
            let wrong = ask(&address, "wrong", "PING").await.unwrap();
            assert!(wrong.contains("NOAUTH"), "{wrong}");
            let ask = async |command: &str| ask(&address, &password, command).await.unwrap();
            assert_eq!(ask("SET key value").await, "+OK");
            let keeps = ask("CONFIG GET appendonly").await.contains("yes");
            redis.stop().await.unwrap();
            redis.start(&topology).await.unwrap();
            let value = ask("GET key").await;
            assert_eq!(value.contains("value"), keeps, "{name}: {value}");
            assert!(redis.start(&topology).await.is_err());
            redis.kill().await.unwrap();
            redis.start(&topology).await.unwrap();
            assert_eq!(ask("GET key").await, value);
        }
    }
}
