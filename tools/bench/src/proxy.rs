//! Traefik in front of the servers under test, as it stands in front of the replicas: each frame passes it.

use std::{
    fmt::Write,
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use bot::Target;
use stack::Port;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

/// What says that the routes are known. No server under test is asked for it.
const READY: &str = "/bench-is-ready";

/// A Traefik that ends with this value.
#[derive(Debug)]
pub struct Proxy {
    process: Child,
    port: Port,
    _folder: TempDir,
}

impl Proxy {
    /// Starts it in front of these servers, and waits until it knows of them.
    pub async fn start(servers: &[Target]) -> anyhow::Result<Proxy> {
        let folder = TempDir::new().context("cannot create a temporary folder")?;
        let port = Port::reserve()?;
        let routes = folder.path().join("routes.yml");
        fs::write(&routes, routes_to(servers)?)?;
        let settings = folder.path().join("traefik.yml");
        let text = format!(
            "global: {{checkNewVersion: false, sendAnonymousUsage: false}}\n\
             entryPoints: {{web: {{address: \"{}\"}}}}\n\
             ping: {{manualRouting: true}}\n\
             providers: {{file: {{filename: {}}}}}\n",
            port.address(),
            routes.display()
        );
        fs::write(&settings, text)?;
        let process = Command::new("traefik")
            .arg(format!("--configFile={}", settings.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("traefik cannot be started; see https://doc.traefik.io/traefik/getting-started/install-traefik/")?;
        let proxy = Proxy {
            process,
            port,
            _folder: folder,
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while !proxy.is_ready().await {
            if Instant::now() > deadline {
                bail!("traefik does not answer");
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(proxy)
    }

    async fn is_ready(&self) -> bool {
        let asked = async {
            let mut stream = TcpStream::connect(self.port.address()).await?;
            let request =
                format!("GET {READY} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        asked
            .await
            .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 "))
    }

    /// Where it listens.
    pub fn target(&self) -> anyhow::Result<Target> {
        Ok(Target::at(&self.port.address())?)
    }

    /// The id of its process; none if it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends it, and waits until it is gone.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("cannot end traefik")
    }
}

fn routes_to(servers: &[Target]) -> anyhow::Result<String> {
    let mut routes = format!(
        "http:\n  routers:\n    ready: {{rule: \"Path(`{READY}`)\", service: \"ping@internal\"}}\n    \
         all: {{rule: \"PathPrefix(`/`)\", service: all}}\n  services:\n    all:\n      loadBalancer:\n        servers:\n"
    );
    for server in servers {
        writeln!(routes, "          - url: \"http://{}\"", server.address)?;
    }
    Ok(routes)
}
