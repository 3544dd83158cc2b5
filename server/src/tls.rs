//! TLS for servers without a proxy in front.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A client that does not finish its handshake in this time is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Connections whose handshake is done.
#[derive(Debug)]
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    addr: SocketAddr,
}

/// Takes connections from `listener` and shakes hands beside the accepting loop, so that
/// a slow client holds up nobody else.
///
/// # Errors
/// When the certificate or the key cannot be read or do not belong together.
pub fn listen(listener: TcpListener, cert: &Path, key: &Path) -> Result<TlsListener> {
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .with_context(|| format!("--tls-cert {}", cert.display()))?;
    let key = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("--tls-key {}", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("--tls-cert and --tls-key")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));

    let addr = listener.local_addr()?;
    let (done, ready) = mpsc::channel(64);
    tokio::spawn(async move {
        let mut listener = listener;
        loop {
            // This one logs failures and tries again.
            let (stream, peer) = Listener::accept(&mut listener).await;
            if done.is_closed() {
                return;
            }
            let (acceptor, done) = (acceptor.clone(), done.clone());
            tokio::spawn(async move {
                let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                if let Ok(Ok(stream)) = shaken {
                    let _ = done.send((stream, peer)).await;
                }
            });
        }
    });
    Ok(TlsListener { ready, addr })
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}
