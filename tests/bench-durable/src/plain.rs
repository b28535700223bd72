//! The bound: bytes appended to a plain file by one thread that syncs for all who wait.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::sync::{mpsc, oneshot};

pub(crate) struct Plain {
    sender: mpsc::UnboundedSender<(Vec<u8>, oneshot::Sender<()>)>,
}

impl Plain {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let mut file = File::create(path)?;
        let (sender, mut waiting) = mpsc::unbounded_channel::<(Vec<u8>, oneshot::Sender<()>)>();
        std::thread::spawn(move || -> std::io::Result<()> {
            while let Some((mut bytes, reply)) = waiting.blocking_recv() {
                let mut replies = vec![reply];
                while let Ok((more, reply)) = waiting.try_recv() {
                    bytes.extend(more);
                    replies.push(reply);
                }
                file.write_all(&bytes)?;
                file.sync_data()?;
                for reply in replies {
                    // Whoever does not wait is not told.
                    let _gone = reply.send(());
                }
            }
            Ok(())
        });
        Ok(Self { sender })
    }

    async fn append(&self, bytes: Vec<u8>) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.sender.send((bytes, reply)).ok().context("the writer has ended")?;
        Ok(answer.await?)
    }
}

/// How long it takes so many producers, each of whom waits for each of its appends.
pub(crate) async fn appends(
    path: &Path,
    producers: usize,
    appends: u64,
    bytes: usize,
) -> Result<Duration> {
    let plain = std::sync::Arc::new(Plain::create(path)?);
    let each = appends / producers as u64;
    let started = Instant::now();
    let producer = |_| {
        let plain = std::sync::Arc::clone(&plain);
        tokio::spawn(async move {
            for _ in 0..each {
                plain.append(vec![7; bytes]).await?;
            }
            anyhow::Ok(())
        })
    };
    let tasks: Vec<_> = (0..producers).map(producer).collect();
    for task in tasks {
        task.await??;
    }
    Ok(started.elapsed())
}

/// How long one write of so many bytes and its sync take, one after the other: the median.
pub(crate) fn sync(path: &Path, count: usize, bytes: usize) -> Result<Duration> {
    let mut file = File::create(path)?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let started = Instant::now();
        file.write_all(&vec![7; bytes])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times.get(count / 2).copied().context("there are measurements")
}
