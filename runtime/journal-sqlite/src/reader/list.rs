//! Lists of executions.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use stepwell_journal::{
    Digest, Ending, Opening, Query, ReadError, Redrives, Status, Subject, Summary,
};
use stepwell_kernel::{Failure, Outcome};
use stepwell_value::Payload;

use super::{id, parent, time, unavailable};
use crate::chunk;
use crate::transaction::status_number;

pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Vec<Summary>, ReadError> {
    let Selection { sql, values } = Selection::of(query);
    let mut statement = connection.prepare_cached(&sql).map_err(unavailable)?;
    let rows = statement.query_map(params_from_iter(values), summary).map_err(unavailable)?;
    rows.map(|summary| summary.map_err(unavailable)).collect()
}

/// A query as it is put to the tables.
struct Selection {
    sql: String,
    values: Vec<Value>,
}

impl Selection {
    fn of(query: &Query) -> Self {
        // Of all that run there is a table; nothing else would find the few among the many.
        let is_of_live = query.subject == Subject::All && query.status == Some(Status::Running);
        let (from, key) = if is_of_live {
            ("live l CROSS JOIN execution e ON e.id = l.id", "l.id")
        } else {
            ("execution e", "e.id")
        };
        let before = query.before.map_or(i64::MAX, chunk::number);
        let mut conditions = format!("{key} < ?");
        let mut values = vec![before.into()];
        let mut demand = |condition: &str, value: Option<Value>| {
            conditions.push_str(" AND ");
            conditions.push_str(condition);
            values.extend(value);
        };
        let number = |execution| Some(chunk::number(execution).into());
        let text = |arn: &str| Some(arn.to_owned().into());
        match &query.subject {
            Subject::All => {}
            Subject::One(execution) => demand("e.id = ?", number(*execution)),
            Subject::Arn(arn) => demand("e.arn = ?", text(arn)),
            Subject::Machine(arn) => {
                demand("e.machine = (SELECT no FROM machine WHERE arn = ?)", text(arn));
            }
            Subject::Version(arn) => {
                demand("e.version = (SELECT no FROM machine WHERE arn = ?)", text(arn));
            }
            Subject::Alias(arn) => {
                demand("e.alias = (SELECT no FROM machine WHERE arn = ?)", text(arn));
            }
            Subject::Children(of) => demand("e.parent = ?", number(*of)),
            Subject::ChildrenOf(of) => {
                demand("e.parent = ?", number(of.execution));
                demand("e.parent_task = ?", Some(of.task.0.into()));
            }
        }
        if let Some(status) = query.status {
            demand("e.status = ?", Some(status_number(status).into()));
            if status_number(status) > 1 {
                // As the index has it.
                demand("e.status > 1", None);
            }
        }
        match query.redriven {
            // As the indexes have it.
            Some(true) => demand("e.redrives > 0", None),
            Some(false) => demand("coalesce(e.redrives, 0) = 0", None),
            None => {}
        }
        values.push(i64::try_from(query.count_max).unwrap_or(i64::MAX).into());
        let sql = format!(
            "SELECT e.id, e.arn, e.name, m.arn, d.sha256, e.parent, e.parent_task, e.status, \
             e.started_at, e.ended_at, e.output, e.error, e.cause, v.arn, a.arn, e.redrives, \
             e.redriven_at FROM {from} LEFT JOIN machine m ON m.no = e.machine LEFT JOIN machine v \
             ON v.no = e.version LEFT JOIN machine a ON a.no = e.alias LEFT JOIN definition d ON \
             d.no = e.definition WHERE {conditions} ORDER BY {key} DESC LIMIT ?"
        );
        Self { sql, values }
    }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    let text = |column| row.get::<_, Option<Box<str>>>(column);
    let opening = Opening {
        arn: row.get::<_, Box<str>>(1)?.into(),
        name: row.get::<_, Box<str>>(2)?.into(),
        machine_arn: text(3)?.map(Into::into),
        version_arn: text(13)?.map(Into::into),
        alias_arn: text(14)?.map(Into::into),
        started_at: time(row.get(8)?),
    };
    let failure = Failure { error: text(11)?.map(Into::into), cause: text(12)?.map(Into::into) };
    let outcome = match row.get::<_, i64>(7)? {
        1 => Some(Outcome::Succeeded { output: payload(&row.get::<_, Box<str>>(10)?)? }),
        2 => Some(Outcome::Failed { failure }),
        3 => Some(Outcome::TimedOut { failure }),
        4 => Some(Outcome::Aborted { failure }),
        _ => None,
    };
    let redrives = Redrives {
        count: row.get::<_, Option<u32>>(15)?.unwrap_or(0),
        last_at: row.get::<_, Option<i64>>(16)?.map(time),
    };
    let ended_at: Option<i64> = row.get(9)?;
    Ok(Summary {
        execution: id(row.get(0)?),
        opening,
        revision: row.get::<_, Option<[u8; 32]>>(4)?.map(Digest),
        parent: parent(row.get(5)?, row.get(6)?),
        redrives,
        ending: outcome.zip(ended_at).map(|(outcome, at)| Ending { ended_at: time(at), outcome }),
    })
}

fn payload(text: &str) -> rusqlite::Result<Payload> {
    Payload::parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(10, rusqlite::types::Type::Text, error.into())
    })
}

#[cfg(test)]
mod tests;
