//! Sending requests: proxy, certificates and limits in one place, waiting that can be stopped, and repeating what may be.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use reqwest::header::DATE;
use reqwest::{Client, Request};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use super::body::with_length;
use super::clock::{Moment, ServerClocks, Skew};
use super::error::Error;
use super::pacing::{Pacing, Slot};
use super::proxy::Proxy;
use super::rate_limit::told_wait;
use super::response::{Response, request_id};
use super::retry::{History, Repeat, after_answer, after_failure};
use crate::redaction::redact;

/// The largest answer that is read, in bytes. A page of Okta's lists is some hundred kilobytes, and what is made of it takes
/// a multiple of its length.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
/// How long putting something right may take after all deadlines: a minute of a rate limit, and the requests after it.
const LAST_REQUESTS: Duration = Duration::from_secs(90);
/// How long a request that was built may wait until it is sent.
const FRESH: Duration = Duration::from_secs(1);
/// How long a connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a server may say nothing, if the whole request may take twice as long at most.
const SILENCE: Duration = Duration::from_secs(30);

/// What the provider block says about the way to both servers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The proxy on the way, if there is one.
    pub proxy: Option<Proxy>,
    /// Certificates, in PEM, trusted besides those of the system.
    pub ca_certificates: Option<Vec<u8>>,
    /// How long one request may take, from connecting to the end of the answer.
    pub request_timeout: Duration,
    /// How often a request is repeated after failures. Waiting for a rate limit is not counted.
    pub max_retries: u32,
    /// What follows the provider's name in the header `User-Agent`, if anything.
    pub user_agent: Option<String>,
    /// How much of a rate limit that a server states may be used, in percent. The rest is left to others.
    pub max_api_capacity: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            proxy: None,
            ca_certificates: None,
            request_timeout: Duration::from_secs(60),
            max_retries: 5,
            user_agent: None,
            max_api_capacity: 100,
        }
    }
}

/// Sends requests. Clones share one pool of connections, which comes into being with the first request, and what is known
/// of the servers' clocks and rate limits.
#[derive(Clone)]
pub struct Http {
    settings: Arc<Settings>,
    client: Arc<OnceLock<Client>>,
    clocks: Arc<ServerClocks>,
    pub(super) pacing: Arc<Pacing>,
    stop: CancellationToken,
    deadline: Option<Instant>,
    /// How often a request is repeated at most.
    max_retries: u32,
    /// Whether its requests go before those of others that wait for a rate limit.
    is_urgent: bool,
}

impl Http {
    /// Prepares to send; nothing is opened yet. Waiting ends early when `stop` is cancelled.
    pub fn new(settings: Settings, stop: CancellationToken) -> Self {
        Self {
            pacing: Arc::new(Pacing::new(settings.max_api_capacity)),
            max_retries: settings.max_retries,
            settings: Arc::new(settings),
            client: Arc::default(),
            clocks: Arc::default(),
            stop,
            deadline: None,
            is_urgent: false,
        }
    }

    /// The same, but waiting and repeating end at `deadline`.
    pub fn until(&self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self.clone() }
    }

    /// The same, but what failed is repeated once at most: for who wants to know whether it works.
    pub fn for_probe(&self) -> Self {
        Self { max_retries: self.max_retries.min(1), ..self.clone() }
    }

    /// The same, but neither Terraform's word to stop nor a deadline ends it before a minute is over, and it goes before
    /// others that wait for a rate limit: for what puts right something that was begun.
    pub fn for_cleanup(&self) -> Self {
        let deadline = Some(Instant::now() + LAST_REQUESTS);
        Self { stop: CancellationToken::new(), deadline, is_urgent: true, ..self.clone() }
    }

    /// Sends what `build` makes, anew for each try, until there is an answer that is not to be repeated.
    ///
    /// An answer of any status is a success here, also the last 5xx after all retries.
    ///
    /// # Errors
    /// When no answer came, or waiting for a rate limit was cut short. See [`Error::may_have_acted`].
    pub async fn send(
        &self,
        repeat: Repeat,
        mut build: impl FnMut(&Client) -> Result<Request, Error>,
    ) -> Result<Response, Error> {
        let client = self.client()?;
        let exchange = |request: Request, host: String| {
            let proxy = self.settings.proxy.as_ref().and_then(|proxy| proxy.of(request.url()));
            let whom =
                proxy.map_or_else(|| host.clone(), |proxy| format!("{host} through the proxy {}", address(&proxy)));
            exchange(client.clone(), request, whom)
        };
        self.send_with(repeat, || build(client), exchange).await
    }

    /// [`Self::send`] by way of `exchange`, which is given the request and its host.
    ///
    /// # Errors
    /// Those of [`Self::send`].
    pub async fn send_with<Exchange: Future<Output = Result<Response, Error>>>(
        &self,
        repeat: Repeat,
        mut build: impl FnMut() -> Result<Request, Error>,
        exchange: impl Fn(Request, String) -> Exchange,
    ) -> Result<Response, Error> {
        // All requests pass here, so that none can lack it.
        let mut build = || build().map(with_length);
        let mut history = History { tries: 0, failures: 0, max_retries: self.max_retries };
        loop {
            if self.stop.is_cancelled() {
                return Err(Error::Stopped);
            }
            let mut request = build()?;
            // A list's next page has a path of the server's choice.
            let label = format!("{} {}", request.method(), redact(request.url().path()));
            let host = request.url().authority().to_owned();
            let asked = Instant::now();
            let slot = self.slot(request.url()).await?;
            let started = Instant::now();
            if started - asked > FRESH {
                // What was signed before a wait may be stale.
                request = build()?;
            }
            let outcome = exchange(request, host.clone()).await;
            log_outcome(&label, &host, &outcome, started.elapsed());
            self.read_clock(&host, &outcome);
            let now = self.moment(&host);
            let verdict = match &outcome {
                Ok(answer) => {
                    let told = told_wait(answer, now.there);
                    slot.on_response(answer, told, now);
                    after_answer(answer, told, repeat, history)
                }
                Err(error) => {
                    drop(slot);
                    after_failure(error, repeat, history)
                }
            };
            let Some(wait) = verdict else { return outcome };
            if let Some(delay) = wait.delay {
                tracing::info!("{label} to {host}: {}; trying again in {:.1} s", wait.reason, delay.as_secs_f64());
                self.pause_for(delay, |until| match wait.rate_limited {
                    true => Error::RateLimited { host: host.clone(), seconds: until.as_secs() },
                    false => Error::DeadlinePassed,
                })
                .await?;
            }
            history.tries += 1;
            history.failures += u32::from(!wait.rate_limited);
        }
    }

    /// Waits until the rate limit of the bucket that `url` belongs to allows a request.
    async fn slot(&self, url: &Url) -> Result<Slot, Error> {
        let host = url.authority();
        let bucket = self.pacing.bucket(host, url.path());
        let slot = bucket.slot(|| self.moment(host), self.deadline, self.is_urgent);
        self.unless_late(slot).await?.map_err(|until| Error::RateLimited {
            host: host.to_owned(),
            seconds: (until - Instant::now()).as_secs_f64().ceil() as u64,
        })
    }

    /// Waits for something, as long as neither Terraform says stop nor the deadline passes.
    pub(super) async fn unless_late<T>(&self, something: impl Future<Output = T>) -> Result<T, Error> {
        let deadline = async {
            match self.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            thing = something => Ok(thing),
            () = self.stop.cancelled() => Err(Error::Stopped),
            () = deadline => Err(Error::DeadlinePassed),
        }
    }

    /// What time it was at the server behind `url` at an instant here, as far as its answers tell.
    pub fn server_time(&self, url: &Url, here: Instant) -> SystemTime {
        self.time_at(url.authority(), here)
    }

    /// How the clock of this machine differs from the one of the server behind `url`, as far as its answers tell.
    pub fn skew(&self, url: &Url) -> Skew {
        let here = Instant::now();
        self.clocks.at(url.authority(), here).map_or(Skew::default(), |there| Skew::between(SystemTime::now(), there))
    }

    fn time_at(&self, host: &str, here: Instant) -> SystemTime {
        self.clocks.at(host, here).unwrap_or_else(|| SystemTime::now() - here.elapsed())
    }

    /// The present, here and at a server.
    pub(super) fn moment(&self, host: &str) -> Moment {
        let here = Instant::now();
        Moment { here, there: self.time_at(host, here) }
    }

    fn read_clock(&self, host: &str, outcome: &Result<Response, Error>) {
        let date = outcome.as_ref().ok().and_then(|answer| answer.header(DATE.as_str()));
        if let Some(there) = date.and_then(|date| httpdate::parse_http_date(date).ok()) {
            self.clocks.observe(host, Instant::now(), there);
        }
    }

    /// Waits, as long as neither Terraform says stop nor the deadline passes.
    ///
    /// # Errors
    /// [`Error::Stopped`] or [`Error::DeadlinePassed`].
    pub async fn pause(&self, delay: Duration) -> Result<(), Error> {
        self.pause_for(delay, |_| Error::DeadlinePassed).await
    }

    async fn pause_for(&self, delay: Duration, too_late: impl FnOnce(Duration) -> Error) -> Result<(), Error> {
        if self.deadline.is_some_and(|deadline| Instant::now() + delay > deadline) {
            return Err(too_late(delay));
        }
        tokio::select! {
            () = tokio::time::sleep(delay) => Ok(()),
            () = self.stop.cancelled() => Err(Error::Stopped),
        }
    }

    fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = build_client(&self.settings)?;
        Ok(self.client.get_or_init(|| client))
    }
}

fn build_client(settings: &Settings) -> Result<Client, Error> {
    const OURS: &str = concat!("terraform-provider-druva/", env!("CARGO_PKG_VERSION"));
    let user_agent = settings.user_agent.as_ref().map_or(OURS.to_owned(), |more| format!("{OURS} {more}"));
    let mut builder = Client::builder()
        .user_agent(user_agent)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(settings.request_timeout)
        .read_timeout(longest_silence(settings.request_timeout))
        // A credential must not follow a redirect: the answer itself is shown instead.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // The environment's proxies are read by us.
        .no_proxy();
    if let Some(proxy) = settings.proxy.clone() {
        builder = builder.proxy(reqwest::Proxy::custom(move |url| proxy.of(url)));
    }
    if let Some(pem) = &settings.ca_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|error| Error::InvalidCertificates(error.to_string()))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| Error::from_setup(&error))
}

/// Both until the answer begins and within it. Whoever lets a request take long, lets its answer begin late.
fn longest_silence(request_timeout: Duration) -> Duration {
    SILENCE.max(request_timeout / 2).min(request_timeout)
}

async fn exchange(client: Client, request: Request, host: String) -> Result<Response, Error> {
    let mut response = client.execute(request).await.map_err(|error| Error::from_reqwest(error, &host))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::from_reqwest(error, &host))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Error::TooLarge { host });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body })
}

/// Host and port of a URL, which may hold a password.
fn address(url: &Url) -> String {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    format!("{host}:{port}")
}

fn log_outcome(label: &str, host: &str, outcome: &Result<Response, Error>, elapsed: Duration) {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(answer) => tracing::debug!(
            host,
            status = answer.status.as_u16(),
            request_id = request_id(answer),
            milliseconds,
            "{label}"
        ),
        Err(error) => tracing::warn!(host, milliseconds, "{label}: {error}"),
    }
}
