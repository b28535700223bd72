//! Definitions of every state type and field, made of a list of choices, which a search for the
//! smallest failing one can shorten.

use std::fmt::Write as _;

/// The fields that some generated definition has in print.
pub(super) const FIELDS: &[&str] = &[
    "And",
    "Arguments",
    "Assign",
    "BackoffRate",
    "BatchInput",
    "BooleanEquals",
    "Branches",
    "CSVDelimiter",
    "CSVHeaderLocation",
    "CSVHeaders",
    "Catch",
    "Cause",
    "CausePath",
    "Choices",
    "Comment",
    "Condition",
    "Credentials",
    "Default",
    "End",
    "Error",
    "ErrorEquals",
    "ErrorPath",
    "ExecutionType",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "InputPath",
    "InputType",
    "IntervalSeconds",
    "IsNull",
    "IsPresent",
    "IsString",
    "IsNumeric",
    "IsBoolean",
    "IsTimestamp",
    "ItemBatcher",
    "ItemProcessor",
    "ItemReader",
    "ItemSelector",
    "Items",
    "ItemsPath",
    "ItemsPointer",
    "JitterStrategy",
    "Label",
    "ManifestType",
    "MaxAttempts",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "MaxDelaySeconds",
    "MaxInputBytesPerBatch",
    "MaxInputBytesPerBatchPath",
    "MaxItems",
    "MaxItemsPath",
    "MaxItemsPerBatch",
    "MaxItemsPerBatchPath",
    "Mode",
    "Next",
    "Not",
    "NumericEqualsPath",
    "NumericLessThan",
    "Or",
    "Output",
    "OutputPath",
    "OutputType",
    "Parameters",
    "ProcessorConfig",
    "QueryLanguage",
    "ReaderConfig",
    "Resource",
    "Result",
    "ResultPath",
    "ResultSelector",
    "ResultWriter",
    "Retry",
    "Seconds",
    "SecondsPath",
    "StartAt",
    "States",
    "StringGreaterThanEquals",
    "StringMatches",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "Timestamp",
    "TimestampEquals",
    "TimestampGreaterThanPath",
    "TimestampPath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Transformation",
    "Type",
    "Variable",
    "WriterConfig",
];

pub(super) struct Choices {
    left: std::vec::IntoIter<u32>,
    is_jsonata_throughout: bool,
    is_jsonata: bool,
    names: u32,
}

pub(super) fn definition(choices: &mut Choices) -> String {
    choices.is_jsonata_throughout = choices.below(3) == 1;
    let mut text = String::from("{");
    if choices.is_jsonata_throughout {
        text.push_str(r#""QueryLanguage":"JSONata","#);
    }
    text.push_str(choices.pick(&["", r#""Comment":"a \"comment\"","#]));
    text.push_str(choices.pick(&["", r#""TimeoutSeconds":60,"#, r#""Version":"1.0","#]));
    let machine = choices.machine(0);
    text + &machine + "}"
}

impl Choices {
    pub(super) fn new(choices: Vec<u32>) -> Self {
        let left = choices.into_iter();
        Self { left, is_jsonata_throughout: false, is_jsonata: false, names: 0 }
    }

    /// Once the choices are used up, always the first.
    fn below(&mut self, count: u32) -> u32 {
        self.left.next().unwrap_or(0) % count
    }

    fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        let nth = self.below(u32::try_from(options.len()).unwrap());
        options[nth as usize]
    }

    /// One of some forms in the language of the state.
    fn either(&mut self, path: &[&'static str], jsonata: &[&'static str]) -> &'static str {
        if self.is_jsonata { self.pick(jsonata) } else { self.pick(path) }
    }

    /// States one behind the other, with a last one for all to lead to.
    fn machine(&mut self, depth: u32) -> String {
        let count = 1 + self.below(3);
        let first = self.names;
        self.names += count + 1;
        let mut text = format!(r#""StartAt":"S {first}","States":{{"#);
        for name in first..first + count {
            let outer = self.is_jsonata;
            self.is_jsonata = self.is_jsonata_throughout || self.below(3) == 1;
            let next = format!("S {}", name + 1);
            // No machine assigns what a machine around it does.
            let fields = self.state(depth).replace("NEXT", &next);
            let fields = fields.replace("VAR", &format!("v{depth}"));
            let language = match (self.is_jsonata, self.is_jsonata_throughout) {
                (true, false) => r#""QueryLanguage":"JSONata","#,
                (_, _) => self.pick(&["", r#""Comment":"","#]),
            };
            self.is_jsonata = outer;
            write!(text, r#""S {name}":{{{language}{fields}}},"#).unwrap();
        }
        let last = self.pick(&[r#""Type":"Succeed""#, r#""Type":"Pass","End":true"#]);
        write!(text, r#""S {}":{{{last}}}}}"#, first + count).unwrap();
        text
    }

    fn state(&mut self, depth: u32) -> String {
        let next = r#""Next":"NEXT""#;
        match self.below(if depth < 3 { 8 } else { 6 }) {
            0 => self.pass() + next,
            1 => self.task() + next,
            2 => self.wait() + next,
            3 => self.choice() + r#""Default":"NEXT""#,
            4 => {
                let (ends, assign) = (self.ends(), self.assign());
                // A state that ends the machine is not the only way to the next.
                let choices = self.either(
                    &[r#"[{"Variable":"$","IsNull":true,"Next":"NEXT"}]"#],
                    &[r#"[{"Condition":true,"Next":"NEXT"},{"Condition":"{% 1 = 1 %}","Next":"NEXT"}]"#],
                );
                format!(r#""Type":"Choice",{ends}{assign}"Choices":{choices}"#)
            }
            5 => self.call() + next,
            6 => self.parallel(depth) + next,
            _ => self.map(depth) + next,
        }
    }

    fn ends(&mut self) -> String {
        if self.is_jsonata {
            return self.output().to_owned();
        }
        let input = self.pick(&["", r#""InputPath":"$.a[*]","#, r#""InputPath":null,"#]);
        let output = self.pick(&[
            "",
            r#""OutputPath":"$$","#,
            r#""OutputPath":"$","#,
            r#""OutputPath":null,"#,
        ]);
        format!("{input}{output}")
    }

    fn output(&mut self) -> &'static str {
        self.pick(&[
            "",
            r#""Output":"{% $states.input.a %}","#,
            r#""Output":{"a":[1,"{%1%}",{"b.$":2.5}]},"#,
            r#""Output":[],"#,
        ])
    }

    fn assign(&mut self) -> &'static str {
        self.either(
            &["", r#""Assign":{"VAR.$":"$.a","VARy":{"z":null}},"#, r#""Assign":{},"#],
            &["", r#""Assign":{"VAR":"{% $states.input %}","VARö":1},"#],
        )
    }

    fn parameters(&mut self) -> &'static str {
        self.either(
            &[
                "",
                r#""Parameters":{"a.$":"$.a","a":1,"list":[{"n.$":"States.UUID()"},1.0]},"#,
                r#""Parameters":{"plain":[true]},"#,
                r#""Parameters":3,"#,
            ],
            &["", r#""Arguments":{"a":"{% 1 + 1 %}"},"#, r#""Arguments":"plain","#],
        )
    }

    fn result_flow(&mut self) -> String {
        if self.is_jsonata {
            return String::new();
        }
        let path = self.pick(&[
            "",
            r#""ResultPath":"$.r[0]","#,
            r#""ResultPath":null,"#,
            r#""ResultPath":"$","#,
        ]);
        let selector = self.pick(&["", r#""ResultSelector":{"s.$":"$.s"},"#]);
        format!("{path}{selector}")
    }

    fn pass(&mut self) -> String {
        let (ends, assign) = (self.ends(), self.assign());
        let own = self.either(
            &[
                "",
                r#""Result":{"a.$":"$.a","n":[1,1.0,null]},"#,
                r#""Result":null,"ResultPath":"$['x y']","#,
                r#""Parameters":{"a.$":"$$.State.Name"},"#,
            ],
            &[""],
        );
        format!(r#""Type":"Pass",{ends}{assign}{own}"#)
    }

    fn task(&mut self) -> String {
        let resource = self.pick(&[
            "charge@1.2.0",
            "arn:aws:lambda:eu-west-1:123456789012:function:charge:prod",
            "arn:aws:states:eu-west-1:123456789012:activity:sign",
            "arn:aws:states:::lambda:invoke",
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "arn:aws-cn:states:::states:startExecution.sync:2",
            "arn:aws:states:::aws-sdk:dynamodb:getItem",
        ]);
        let clocks = self.either(
            &[
                "",
                r#""TimeoutSeconds":60,"HeartbeatSeconds":5,"#,
                r#""TimeoutSecondsPath":"$.t","HeartbeatSecondsPath":"$.h","#,
            ],
            &["", r#""TimeoutSeconds":"{% 5 %}","HeartbeatSeconds":2,"#],
        );
        let credentials = self.either(
            &["", r#""Credentials":{"RoleArn.$":"$.role"},"#, r#""Credentials":{"RoleArn":"r"},"#],
            &["", r#""Credentials":{"RoleArn":"{% 'r' %}"},"#],
        );
        let (ends, assign, given) = (self.ends(), self.assign(), self.parameters());
        let (result, recovery) = (self.result_flow(), self.recovery());
        format!(
            r#""Type":"Task","Resource":"{resource}",{clocks}{credentials}{ends}{assign}{given}{result}{recovery}"#
        )
    }

    /// A Fail state in one branch, beside one that ends well.
    fn call(&mut self) -> String {
        let name = self.names;
        self.names += 2;
        let fail = if self.is_jsonata_throughout {
            self.pick(&[
                r#""Error":"E","Cause":"{% 'c' %}""#,
                r#""Error":"{% 'E' %}""#,
                r#""Cause":"c""#,
            ])
        } else {
            self.pick(&[
                r#""Error":"E","Cause":"c""#,
                r#""ErrorPath":"$.e","CausePath":"States.Format('{}', $.c)""#,
                r#""CausePath":"$x.c""#,
            ])
        };
        let (given, result) = (self.parameters(), self.result_flow());
        format!(
            r#""Type":"Parallel",{given}{result}"Branches":[{{"Comment":"b","StartAt":"S {name}","States":{{"S {name}":{{"Type":"Fail",{fail}}}}}}},{{"StartAt":"S {}","States":{{"S {}":{{"Type":"Succeed"}}}}}}],"#,
            name + 1,
            name + 1
        )
    }

    fn wait(&mut self) -> String {
        let (ends, assign) = (self.ends(), self.assign());
        let until = self.either(
            &[
                r#""Seconds":0"#,
                r#""SecondsPath":"$.s""#,
                r#""Timestamp":"2026-03-01T12:00:00.000000001+02:00""#,
                r#""Timestamp":"9999-12-31T23:59:59-18:00""#,
                r#""TimestampPath":"$.t""#,
            ],
            &[
                r#""Seconds":99999999"#,
                r#""Seconds":"{% 1 %}""#,
                r#""Timestamp":"2026-03-01T12:00Z""#,
                r#""Timestamp":"{% $now() %}""#,
            ],
        );
        format!(r#""Type":"Wait",{ends}{assign}{until},"#)
    }

    fn choice(&mut self) -> String {
        let ends = self.ends();
        let rules = 1 + self.below(3);
        let rules: Vec<_> = (0..rules)
            .map(|_| {
                let (condition, assign) = (self.rule(), self.assign());
                format!(r#"{{{condition},{assign}"Next":"NEXT"}}"#)
            })
            .collect();
        format!(r#""Type":"Choice",{ends}"Choices":[{}],"#, rules.join(","))
    }

    fn rule(&mut self) -> String {
        if !self.is_jsonata {
            return self.condition(0);
        }
        let condition = self.pick(&["\"{% $x > 1 %}\"", "true", "false"]);
        let output = self.output();
        format!(r#"{output}"Condition":{condition}"#)
    }

    fn condition(&mut self, depth: u32) -> String {
        match self.below(if depth < 4 { 6 } else { 1 }) {
            1 => format!(r#""Not":{{{}}}"#, self.condition(depth + 1)),
            nth @ (2 | 3) => {
                let parts = 1 + self.below(3);
                let parts: Vec<_> =
                    (0..parts).map(|_| format!("{{{}}}", self.condition(depth + 1))).collect();
                let name = if nth == 2 { "And" } else { "Or" };
                format!(r#""{name}":[{}]"#, parts.join(","))
            }
            _ => format!(r#""Variable":"$.v",{}"#, self.comparison()),
        }
    }

    fn comparison(&mut self) -> String {
        let order = self.pick(&[
            "Equals",
            "LessThan",
            "GreaterThan",
            "LessThanEquals",
            "GreaterThanEquals",
        ]);
        let test = self.pick(&["Null", "Present", "String", "Numeric", "Boolean", "Timestamp"]);
        match self.below(9) {
            0 => format!(r#""String{order}":"t""#),
            1 => format!(r#""String{order}Path":"$.t""#),
            2 => format!(r#""Numeric{order}":{}"#, self.pick(&["1", "1.0", "-2.5e10"])),
            3 => format!(r#""Numeric{order}Path":"$$.n""#),
            4 => format!(r#""Timestamp{order}":"2026-03-01T12:00:00.5Z""#),
            5 => format!(r#""Timestamp{order}Path":"$.t""#),
            6 => self.pick(&[r#""BooleanEquals":true"#, r#""BooleanEqualsPath":"$.b""#]).into(),
            7 => format!(r#""Is{test}":{}"#, self.pick(&["true", "false"])),
            _ => format!(
                r#""StringMatches":"{}""#,
                self.pick(&["a*b", "*", r"\\*\\\\", "", r"x\\y*"])
            ),
        }
    }

    fn recovery(&mut self) -> String {
        let retry = self.pick(&[
            "",
            r#""Retry":[],"#,
            r#""Retry":[{"ErrorEquals":["A","States.TaskFailed"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":2.0}],"#,
            r#""Retry":[{"ErrorEquals":["A"],"IntervalSeconds":7,"MaxAttempts":0,"BackoffRate":1.25,"MaxDelaySeconds":9,"JitterStrategy":"FULL"},{"ErrorEquals":["States.ALL"],"JitterStrategy":"NONE"}],"#,
        ]);
        let catch = self.either(
            &[
                "",
                r#""Catch":[{"ErrorEquals":["A"],"ResultPath":"$.e","Next":"NEXT"},{"ErrorEquals":["States.ALL"],"ResultPath":null,"Assign":{"VARc.$":"$.Cause"},"Next":"NEXT"}],"#,
            ],
            &[
                "",
                r#""Catch":[{"ErrorEquals":["A"],"Output":"{% $states.errorOutput %}","Assign":{"VARc":1},"Next":"NEXT"}],"#,
            ],
        );
        format!("{retry}{catch}")
    }

    fn parallel(&mut self, depth: u32) -> String {
        let count = 1 + self.below(2);
        let branches: Vec<_> =
            (0..count).map(|_| format!("{{{}}}", self.machine(depth + 1))).collect();
        let (ends, given) = (self.ends(), self.parameters());
        let (result, recovery) = (self.result_flow(), self.recovery());
        format!(
            r#""Type":"Parallel","Branches":[{}],{ends}{given}{result}{recovery}"#,
            branches.join(",")
        )
    }

    fn map(&mut self, depth: u32) -> String {
        let inner = self.machine(depth + 1);
        let items = self.either(
            &["", r#""ItemsPath":"$.list","#, r#""ItemsPath":"$","#],
            &["", r#""Items":"{% [1, 2] %}","#, r#""Items":[1,2],"#],
        );
        let selector = self.either(
            &["", r#""ItemSelector":{"v.$":"$$.Map.Item.Value"},"#, r#""Parameters":{"v":1},"#],
            &["", r#""ItemSelector":{"v":"{% $states.context.Map.Item.Value %}"},"#],
        );
        let most = self.either(
            &[
                "",
                r#""MaxConcurrency":0,"#,
                r#""MaxConcurrency":7,"#,
                r#""MaxConcurrencyPath":"$.m","#,
            ],
            &["", r#""MaxConcurrency":"{% 3 %}","#],
        );
        let (ends, result, recovery) = (self.ends(), self.result_flow(), self.recovery());
        let processor = self.pick(&["ItemProcessor", "Iterator"]);
        let is_distributed = self.below(2) == 1;
        let (config, own) = if is_distributed {
            let config = self.pick(&[
                r#""ProcessorConfig":{"Mode":"DISTRIBUTED"},"#,
                r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"#,
            ]);
            (config, self.distributed())
        } else {
            (self.pick(&["", r#""ProcessorConfig":{"Mode":"INLINE"},"#]), String::new())
        };
        format!(
            r#""Type":"Map",{items}{selector}{most}{ends}{result}{recovery}{own}"{processor}":{{{config}{inner}}},"#
        )
    }

    fn distributed(&mut self) -> String {
        let label = self.pick(&["", r#""Label":"all","#]);
        let tolerance = self.either(
            &[
                "",
                r#""ToleratedFailureCount":0,"ToleratedFailurePercentage":12.5,"#,
                r#""ToleratedFailureCountPath":"$.c","ToleratedFailurePercentagePath":"$.p","#,
            ],
            &["", r#""ToleratedFailureCount":"{% 1 %}","ToleratedFailurePercentage":"{% 5 %}","#],
        );
        let batcher = self.either(
            &[
                "",
                r#""ItemBatcher":{"MaxItemsPerBatch":10,"BatchInput":{"a.$":"$.a"}},"#,
                r#""ItemBatcher":{"MaxItemsPerBatchPath":"$.n","MaxInputBytesPerBatchPath":"$.b"},"#,
            ],
            &["", r#""ItemBatcher":{"MaxInputBytesPerBatch":"{% 9 %}"},"#,
                r#""ItemBatcher":{"MaxInputBytesPerBatch":9},"#],
        );
        let (reader, writer) = (self.reader(), self.writer());
        format!("{label}{tolerance}{batcher}{reader}{writer}")
    }

    fn reader(&mut self) -> String {
        if self.below(3) == 0 {
            return String::new();
        }
        let action = self.pick(&["getObject", "listObjectsV2"]);
        let place = self.either(
            &[r#""Parameters":{"Bucket":"b","Key.$":"$.k"}"#],
            &[r#""Arguments":{"Bucket":"b"}"#],
        );
        let format = self.pick(&[
            r#""InputType":"JSON""#,
            r#""InputType":"JSONL""#,
            r#""InputType":"PARQUET""#,
            r#""InputType":"MANIFEST""#,
            r#""InputType":"MANIFEST","ManifestType":"ATHENA_DATA""#,
            r#""InputType":"CSV","CSVHeaderLocation":"FIRST_ROW""#,
            r#""InputType":"CSV","CSVDelimiter":"TAB","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"]"#,
        ]);
        let most = self.either(
            &["", r#","MaxItems":5"#, r#","MaxItemsPath":"$.m""#],
            &["", r#","MaxItems":5"#],
        );
        let pointer = self.pick(&["", r#","ItemsPointer":"/a""#]);
        format!(
            r#""ItemReader":{{"Resource":"arn:aws:states:::s3:{action}",{place},"ReaderConfig":{{{format}{most}{pointer}}}}},"#
        )
    }

    fn writer(&mut self) -> &'static str {
        self.either(
            &[
                "",
                r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},"#,
                r#""ResultWriter":{"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},"#,
                r#""ResultWriter":{},"#,
            ],
            &[
                "",
                r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"{% 'b' %}"},"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSONL"}},"#,
            ],
        )
    }
}
