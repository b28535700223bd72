//! The answers as the services' public models have them, in the spelling of Step Functions.

use super::{Member, Shape};

const TEXT: Shape = Shape::Text { length: (0, usize::MAX) };
const ARN: Shape = Shape::Text { length: (1, 256) };
const NUMBER: Shape = Shape::Number { range: (i64::MIN, i64::MAX) };

const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: true }
}

const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: false }
}

/// The members of the answer to a service's action, if it is known.
pub(super) fn of(action: (&str, &str)) -> Option<&'static [Member]> {
    Some(match action {
        ("lambda", "invoke") => LAMBDA_INVOKE,
        ("lambda", "getFunction") => LAMBDA_GET_FUNCTION,
        ("sfn", "startExecution") => START_EXECUTION,
        ("sfn", "startSyncExecution") => START_SYNC_EXECUTION,
        ("sfn", "stopExecution") => STOP_EXECUTION,
        ("sfn", "describeExecution") => DESCRIBE_EXECUTION,
        ("events" | "eventbridge", "putEvents") => PUT_EVENTS,
        ("dynamodb", "putItem" | "updateItem" | "deleteItem") => WRITE_ITEM,
        ("dynamodb", "getItem") => GET_ITEM,
        ("kms", "encrypt") => KMS_ENCRYPT,
        ("kms", "decrypt") => KMS_DECRYPT,
        ("s3", "getObject") => GET_OBJECT,
        ("sns", "publish") => PUBLISH,
        ("sqs", "sendMessage") => SEND_MESSAGE,
        _ => return None,
    })
}

const LAMBDA_INVOKE: &[Member] = &[
    optional("StatusCode", &NUMBER),
    optional("FunctionError", &TEXT),
    optional("LogResult", &TEXT),
    optional("ExecutedVersion", &Shape::Text { length: (1, 1024) }),
];

const LAMBDA_GET_FUNCTION: &[Member] = &[optional(
    "Configuration",
    &Shape::Structure(&[
        optional("FunctionName", &TEXT),
        optional("FunctionArn", &TEXT),
        optional("Role", &TEXT),
        optional("Handler", &TEXT),
        optional("CodeSize", &NUMBER),
        optional("Timeout", &Shape::Number { range: (1, i64::MAX) }),
        optional("MemorySize", &Shape::Number { range: (128, 10_240) }),
        optional("LastModified", &TEXT),
        optional("PackageType", &Shape::OneOf(&["Zip", "Image"])),
        optional("Layers", &Shape::List(&Shape::Structure(&[optional("Arn", &TEXT)]))),
    ]),
)];

const START_EXECUTION: &[Member] = &[required("ExecutionArn", &ARN), required("StartDate", &TEXT)];

const START_SYNC_EXECUTION: &[Member] = &[
    required("ExecutionArn", &ARN),
    optional("StateMachineArn", &ARN),
    optional("Name", &TEXT),
    required("StartDate", &TEXT),
    required("StopDate", &TEXT),
    required("Status", &Shape::OneOf(&["SUCCEEDED", "FAILED", "TIMED_OUT"])),
];

const STOP_EXECUTION: &[Member] = &[required("StopDate", &TEXT)];

const STATUS: Shape =
    Shape::OneOf(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);

const DESCRIBE_EXECUTION: &[Member] = &[
    required("ExecutionArn", &ARN),
    required("StateMachineArn", &ARN),
    optional("Name", &TEXT),
    required("Status", &STATUS),
    required("StartDate", &TEXT),
    optional("StopDate", &TEXT),
    optional("RedriveCount", &Shape::Number { range: (0, i64::MAX) }),
    optional("OutputDetails", &Shape::Structure(&[optional("Included", &Shape::Boolean)])),
];

const PUT_EVENTS: &[Member] = &[
    optional("FailedEntryCount", &NUMBER),
    optional(
        "Entries",
        &Shape::List(&Shape::Structure(&[
            optional("EventId", &TEXT),
            optional("ErrorCode", &TEXT),
            optional("ErrorMessage", &TEXT),
        ])),
    ),
];

const CAPACITY: Shape = Shape::Structure(&[
    optional("ReadCapacityUnits", &NUMBER),
    optional("WriteCapacityUnits", &NUMBER),
    optional("CapacityUnits", &NUMBER),
]);

const CONSUMED_CAPACITY: Shape = Shape::Structure(&[
    optional("TableName", &TEXT),
    optional("CapacityUnits", &NUMBER),
    optional("ReadCapacityUnits", &NUMBER),
    optional("WriteCapacityUnits", &NUMBER),
    optional("Table", &CAPACITY),
]);

/// An item: its attributes may have any name.
const ITEM: Shape = Shape::Structure(&[]);

const WRITE_ITEM: &[Member] = &[
    optional("Attributes", &ITEM),
    optional("ConsumedCapacity", &CONSUMED_CAPACITY),
    optional(
        "ItemCollectionMetrics",
        &Shape::Structure(&[
            optional("ItemCollectionKey", &ITEM),
            optional("SizeEstimateRangeGB", &Shape::List(&NUMBER)),
        ]),
    ),
];

const GET_ITEM: &[Member] =
    &[optional("Item", &ITEM), optional("ConsumedCapacity", &CONSUMED_CAPACITY)];

const KMS_KEY: Shape = Shape::Text { length: (1, 2048) };

const KMS_ALGORITHM: Shape =
    Shape::OneOf(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);

const KMS_ENCRYPT: &[Member] = &[
    optional("CiphertextBlob", &Shape::Text { length: (1, 6144) }),
    optional("KeyId", &KMS_KEY),
    optional("EncryptionAlgorithm", &KMS_ALGORITHM),
];

const KMS_DECRYPT: &[Member] = &[
    optional("KeyId", &KMS_KEY),
    optional("Plaintext", &Shape::Text { length: (1, 4096) }),
    optional("EncryptionAlgorithm", &KMS_ALGORITHM),
];

const STORAGE_CLASS: Shape = Shape::OneOf(&[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
    "FSX_ONTAP",
]);

const GET_OBJECT: &[Member] = &[
    optional("Body", &TEXT),
    optional("DeleteMarker", &Shape::Boolean),
    optional("AcceptRanges", &TEXT),
    optional("Expiration", &TEXT),
    optional("Restore", &TEXT),
    optional("LastModified", &TEXT),
    optional("ContentLength", &NUMBER),
    optional("ETag", &TEXT),
    optional("MissingMeta", &NUMBER),
    optional("VersionId", &TEXT),
    optional("CacheControl", &TEXT),
    optional("ContentDisposition", &TEXT),
    optional("ContentEncoding", &TEXT),
    optional("ContentLanguage", &TEXT),
    optional("ContentRange", &TEXT),
    optional("ContentType", &TEXT),
    optional("WebsiteRedirectLocation", &TEXT),
    optional(
        "ServerSideEncryption",
        &Shape::OneOf(&["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"]),
    ),
    optional("SSECustomerAlgorithm", &TEXT),
    optional("SSECustomerKeyMD5", &TEXT),
    optional("SSEKMSKeyId", &TEXT),
    optional("BucketKeyEnabled", &Shape::Boolean),
    optional("StorageClass", &STORAGE_CLASS),
    optional("RequestCharged", &Shape::OneOf(&["requester"])),
    optional(
        "ReplicationStatus",
        &Shape::OneOf(&["COMPLETE", "PENDING", "FAILED", "REPLICA", "COMPLETED"]),
    ),
    optional("PartsCount", &NUMBER),
    optional("TagCount", &NUMBER),
    optional("ObjectLockMode", &Shape::OneOf(&["GOVERNANCE", "COMPLIANCE"])),
    optional("ObjectLockRetainUntilDate", &TEXT),
    optional("ObjectLockLegalHoldStatus", &Shape::OneOf(&["ON", "OFF"])),
];

const PUBLISH: &[Member] = &[optional("MessageId", &TEXT), optional("SequenceNumber", &TEXT)];

const SEND_MESSAGE: &[Member] = &[
    optional("MD5OfMessageBody", &TEXT),
    optional("MD5OfMessageAttributes", &TEXT),
    optional("MD5OfMessageSystemAttributes", &TEXT),
    optional("MessageId", &TEXT),
    optional("SequenceNumber", &TEXT),
];
