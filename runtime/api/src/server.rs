//! The server: connections in, answers out, and an orderly end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use stepwell::Stepwell;
use stepwell_access::browser::{NameError, OwnNames, Scheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tower_service::Service as _;

use crate::api::Api;
use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::options::{Bounds, Options};
use crate::routes::{self, Peer, Site};
use crate::tls::Tls;

/// How long to wait when a connection could not be taken, as when there are no more files to open.
const PAUSE: Duration = Duration::from_millis(50);
/// A request's first line and headers have to fit.
const HEADER_BYTES_MAX: usize = 64 << 10;

/// A server that has its address and answers once it [runs](Server::run).
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    api: Api,
    router: Router,
    tls: Option<Tls>,
    bounds: Bounds,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error(
        "{0} can be reached from elsewhere, and there are no access keys: everybody could do \
         everything; configure keys, or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error(transparent)]
    Name(#[from] NameError),
}

impl Server {
    pub async fn bind(
        address: SocketAddr,
        stepwell: Stepwell,
        options: Options,
    ) -> Result<Self, BindError> {
        let Options { keys, names, tls, bounds, metrics } = options;
        if keys.is_none() && !address.ip().is_loopback() {
            return Err(BindError::Open(address));
        }
        let listening = TcpListener::bind(address).await;
        let listener = listening.map_err(|source| BindError::Listen { address, source })?;
        let bound = listener.local_addr();
        let address = bound.map_err(|source| BindError::Listen { address, source })?;
        let scheme = if tls.is_some() { Scheme::Https } else { Scheme::Http };
        let names = OwnNames::new(scheme, address.port(), names.iter().map(String::as_str))?;
        let api = Api::new(stepwell);
        let site = Site {
            api: api.clone(),
            gate: Gate::new(keys, names),
            bounds,
            metrics: Metrics::default(),
            others_metrics: metrics,
        };
        let router = routes::router(Arc::new(site));
        Ok(Self { listener, address, api, router, tls, bounds })
    }

    /// Where it listens: with the port that was drawn, if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` ends. Then nobody is let in any more, those who wait for work are sent
    /// away, and requests that are under way have some time to end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, address: _, api, router, tls, bounds } = self;
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(bounds.connections_max));
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &room) => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, peer, place)) = accepted else {
                sleep(PAUSE).await;
                continue;
            };
            let connection =
                Connection { router: router.clone(), peer, bounds, watcher: graceful.watcher() };
            tokio::spawn(connection.serve(stream, tls.clone(), place));
        }
        drop(listener);
        api.close();
        // Whoever is not done by then is cut off.
        let _cut_off = timeout(bounds.drain_within, graceful.shutdown()).await;
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    bounds: Bounds,
    watcher: Watcher,
}

impl Connection {
    async fn serve(self, stream: TcpStream, tls: Option<Tls>, place: OwnedSemaphorePermit) {
        // Small answers are to leave at once.
        let _not_supported = stream.set_nodelay(true);
        match tls {
            None => self.speak(stream).await,
            // In a box, for connections without it to be no larger.
            Some(tls) => Box::pin(self.speak_safely(stream, tls)).await,
        }
        drop(place);
    }

    async fn speak_safely(self, stream: TcpStream, tls: Tls) {
        let shaken = timeout(self.bounds.headers_within, tls.acceptor().accept(stream));
        if let Ok(Ok(stream)) = shaken.await {
            self.speak(stream).await;
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
        let Self { router, peer, bounds, watcher } = self;
        let service = service(router, Peer(peer));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(bounds.headers_within)
            .max_buf_size(HEADER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service);
        // A connection that breaks is the caller's business.
        let _broken = watcher.watch(connection).await;
    }
}

/// The routes, with who calls beside each request.
fn service(
    router: Router,
    peer: Peer,
) -> impl hyper::service::Service<
    hyper::Request<hyper::body::Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> {
    hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        let mut router = router.clone();
        async move { router.call(request.map(axum::body::Body::new)).await }
    })
}
