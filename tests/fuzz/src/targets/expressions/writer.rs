//! Writes sentences of the grammar.

use super::Flavour;
use super::functions::{
    Argument, DATE_PICTURES, HOSTILE, HOSTILE_REGEXES, INTEGER_PICTURES, NUMBER_PICTURES, REGEXES,
    SHARED, Signature,
};
use crate::chance::Chance;

const NAMES: &[&str] = &["a", "b", "c", "items", "price", "name", "`x y`", "d"];
const TEXTS: &[&str] =
    &["''", "'a'", "'abc'", "'a,b,,c'", "' x '", "'1'", "'-2.5'", "'aaaa'", "'B'", "'name'"];
const STRANGE_TEXTS: &[&str] =
    &["'é😀'", "'\\u0000'", "'2018-02-03T04:05:06Z'", "'%E0%A4'", "'YQ=='", "'[1,{\"a\":2}]'"];
const NUMBERS: &[&str] = &["0", "1", "2", "3", "10", "0.5", "1.5", "2.5", "100", "7"];
const STRANGE_NUMBERS: &[&str] = &[
    "1e21",
    "1e-7",
    "1e300",
    "9007199254740993",
    "9223372036854775807",
    "(-9223372036854775807-1)",
    "(1/0)",
    "(0/0)",
    "4294967296",
    "(-1)",
    "-0",
    "1e18",
];

pub(super) struct Writer<'c> {
    chance: &'c mut Chance,
    flavour: Flavour,
    /// How many constructs may still be written.
    left: usize,
    variables: Vec<String>,
    text: String,
}

impl<'c> Writer<'c> {
    pub(super) fn new(chance: &'c mut Chance, flavour: Flavour, size: usize) -> Self {
        let variables = match flavour {
            Flavour::Hostile => vec!["$states".into(), "$x".into()],
            Flavour::Shared => Vec::new(),
        };
        Self { chance, flavour, left: size, variables, text: String::new() }
    }

    pub(super) fn whole(mut self) -> String {
        self.any();
        self.text
    }

    fn is_hostile(&self) -> bool {
        self.flavour == Flavour::Hostile
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Any expression, in brackets where it has to hold together.
    fn any(&mut self) {
        if self.left == 0 {
            return self.leaf();
        }
        self.left -= 1;
        match self.chance.below(22) {
            0..=2 => self.leaf(),
            3..=5 => self.path(),
            6 => self.arithmetic(),
            7 => self.comparison(),
            8 => self.array(),
            9 => self.object(),
            10..=13 => self.call(),
            14 => self.block(),
            15 => self.condition(),
            16 => self.chain(),
            17 => self.transform(),
            18 => self.text_value(),
            19 => self.group(),
            20 => self.lambda_call(),
            _ => self.number(),
        }
    }

    fn leaf(&mut self) {
        match self.chance.below(8) {
            0 => self.push("true"),
            1 => self.push("null"),
            2 | 3 => self.plain_number(),
            4 | 5 => self.plain_text(),
            6 => self.variable(),
            _ => {
                let name = self.chance.pick(NAMES);
                self.push(name);
            }
        }
    }

    fn plain_number(&mut self) {
        let strange = self.is_hostile() && self.chance.one_in(4);
        let number = self.chance.pick(if strange { STRANGE_NUMBERS } else { NUMBERS });
        self.push(number);
    }

    fn plain_text(&mut self) {
        let strange = self.is_hostile() && self.chance.one_in(4);
        let text = self.chance.pick(if strange { STRANGE_TEXTS } else { TEXTS });
        self.push(text);
    }

    fn variable(&mut self) {
        if self.variables.is_empty() || self.chance.one_in(4) {
            self.push("$");
        } else {
            let variable = self.chance.item(&self.variables).clone();
            self.push(&variable);
        }
    }

    /// A root and steps with their filters.
    fn path(&mut self) {
        match self.chance.below(5) {
            0 => self.variable(),
            1 => self.bracketed(),
            _ => {
                let name = self.chance.pick(NAMES);
                self.push(name);
            }
        }
        for _ in 0..self.chance.few(4) {
            self.left = self.left.saturating_sub(1);
            self.suffix();
        }
    }

    fn suffix(&mut self) {
        match self.chance.below(16) {
            0..=4 => {
                let name = self.chance.pick(NAMES);
                self.push(".");
                self.push(name);
            }
            5 => {
                self.push(".");
                self.bracketed();
            }
            6 => self.within("[", Self::comparison, "]"),
            7 => self.within("[", Self::plain_number, "]"),
            8 => self.within("[-", Self::plain_number, "]"),
            9 => {
                let order = self.chance.pick(&["^(", "^(>", "^(<"]);
                self.within(order, Self::leaf, ")");
            }
            10 => self.push(".*"),
            11 => {
                let step = self.chance.pick(&["[]", ".**"]);
                self.push(step);
            }
            12 => {
                self.push(".");
                self.object();
            }
            13 => self.within(".[", Self::any, "]"),
            14 if self.is_hostile() => {
                let bind = self.chance.pick(&["#$i", "@$v", "@$v#$i", ".%", ".%.%"]);
                self.push(bind);
            }
            _ => self.within(".$string(", Self::leaf, ")"),
        }
    }

    fn within(&mut self, open: &str, inner: fn(&mut Self), close: &str) {
        self.push(open);
        inner(self);
        self.push(close);
    }

    fn bracketed(&mut self) {
        self.within("(", Self::any, ")");
    }

    fn arithmetic(&mut self) {
        self.operand(Self::number);
        let operator = self.chance.pick(&[" + ", " - ", " * ", " / ", " % "]);
        self.push(operator);
        self.operand(Self::number);
    }

    fn comparison(&mut self) {
        self.operand(Self::any);
        let operator = self.chance.pick(&[
            " = ", " != ", " < ", " <= ", " > ", " >= ", " in ", " and ", " or ", " = ", " > ",
        ]);
        self.push(operator);
        self.operand(Self::any);
    }

    fn operand(&mut self, inner: fn(&mut Self)) {
        self.within("(", inner, ")");
    }

    fn array(&mut self) {
        self.push("[");
        for nth in 0..self.chance.few(5) {
            if nth > 0 {
                self.push(", ");
            }
            if self.chance.one_in(4) {
                let range = self.chance.pick(&["1..3", "0..5", "-2..2", "3..1", "1..1"]);
                self.push(range);
            } else {
                self.any();
            }
        }
        self.push("]");
    }

    fn object(&mut self) {
        self.push("{");
        for nth in 0..self.chance.few(4) {
            if nth > 0 {
                self.push(", ");
            }
            if self.chance.one_in(6) {
                self.text_value();
            } else {
                self.plain_text();
            }
            self.push(": ");
            self.any();
        }
        self.push("}");
    }

    /// Grouping: keys and values of the members of a path.
    fn group(&mut self) {
        let name = self.chance.pick(NAMES);
        self.push(name);
        self.within("{", Self::text_value, ": ");
        self.any();
        self.push("}");
    }

    fn block(&mut self) {
        self.push("(");
        let variables = self.variables.len();
        for _ in 0..=self.chance.few(2) {
            let name = format!("$v{}", self.variables.len());
            self.push(&name);
            self.push(" := ");
            self.any();
            self.push("; ");
            self.variables.push(name);
        }
        self.any();
        self.push(")");
        self.variables.truncate(variables);
    }

    fn condition(&mut self) {
        self.push("(");
        self.comparison();
        self.push(" ? ");
        self.any();
        if !self.chance.one_in(4) {
            self.push(" : ");
            self.any();
        }
        self.push(")");
    }

    fn chain(&mut self) {
        self.operand(Self::any);
        let function =
            self.chance.pick(&["$count", "$string", "$sum", "$reverse", "$keys", "$append(1)"]);
        self.push(" ~> ");
        self.push(function);
    }

    fn transform(&mut self) {
        let name = self.chance.pick(NAMES);
        let root = self.chance.pick(&["$", "{'a': {'b': 1}}", "items[0]"]);
        self.push(root);
        self.push(" ~> |");
        self.push(name);
        self.push("|");
        self.object();
        if self.chance.one_in(3) {
            self.push(", 'a'");
        }
        self.push("|");
    }

    fn lambda_call(&mut self) {
        self.lambda(&["$p"]);
        self.within("(", Self::any, ")");
    }

    fn lambda(&mut self, parameters: &[&str]) {
        let variables = self.variables.len();
        self.push("function(");
        self.push(&parameters.join(", "));
        self.push("){ ");
        self.variables.extend(parameters.iter().map(|name| (*name).to_owned()));
        self.any();
        self.variables.truncate(variables);
        self.push(" }");
    }

    fn call(&mut self) {
        let own = self.is_hostile() && self.chance.one_in(3);
        let (name, arguments, needed): Signature =
            *self.chance.item(if own { HOSTILE } else { SHARED });
        let count = self.chance.between(needed..=arguments.len());
        self.push("$");
        self.push(name);
        self.push("(");
        for (nth, argument) in arguments.iter().take(count).enumerate() {
            if nth > 0 {
                self.push(", ");
            }
            // A wrong type now and then.
            if self.chance.one_in(25) {
                self.any();
            } else {
                self.argument(*argument);
            }
        }
        self.push(")");
    }

    fn argument(&mut self, argument: Argument) {
        match argument {
            Argument::Any => self.any(),
            Argument::Text => self.text_value(),
            Argument::Number => self.number(),
            Argument::Count => self.plain_number(),
            Argument::Boolean => self.comparison(),
            Argument::Array => self.array_value(),
            Argument::Numbers => self.within("[", Self::number, ", 1, 2.5]"),
            Argument::Texts => self.within("['a', ", Self::text_value, "]"),
            Argument::Object => self.object_value(),
            Argument::Objects => self.within("[", Self::object_value, ", {'z': 1}]"),
            Argument::Function if self.chance.one_in(5) => self.push("$string"),
            Argument::Function => self.lambda(&["$e", "$n"]),
            Argument::Order => self.push("function($l, $r){ $string($l) > $string($r) }"),
            Argument::Reducer => self.lambda(&["$s", "$e"]),
            Argument::MemberFunction => self.lambda(&["$e", "$k"]),
            Argument::Pattern if self.chance.one_in(2) => self.plain_text(),
            Argument::Pattern | Argument::Regex => {
                let hostile = self.is_hostile() && self.chance.one_in(3);
                let regex = self.chance.pick(if hostile { HOSTILE_REGEXES } else { REGEXES });
                self.push(regex);
            }
            Argument::NumberPicture => self.picture(NUMBER_PICTURES),
            Argument::DatePicture => self.picture(DATE_PICTURES),
            Argument::IntegerPicture => self.picture(INTEGER_PICTURES),
            Argument::Zone => self.picture(&["+0100", "-0530", "0000", "Z", "1"]),
            Argument::Algorithm => self.picture(&["MD5", "SHA-1", "SHA-256", "SHA-512", "CRC"]),
        }
    }

    /// A picture as a text; a hostile one has strange ends.
    fn picture(&mut self, pictures: &[&str]) {
        let picture = self.chance.pick(pictures).to_owned();
        let strange = self.is_hostile() && self.chance.one_in(4);
        let end = if strange {
            self.chance.pick(&["é", "[", "[Y,*-9]", ";", "#.#.#", "9e9"])
        } else {
            ""
        };
        self.push(&format!("'{picture}{end}'"));
    }

    fn number(&mut self) {
        match self.chance.below(6) {
            0..=2 => self.plain_number(),
            3 if self.left > 0 => {
                self.left -= 1;
                self.within("$count(", Self::any, ")");
            }
            4 if self.left > 0 => {
                self.left -= 1;
                self.arithmetic();
            }
            _ => {
                let name = self.chance.pick(&["price", "items.price", "a", "$sum([1..3])"]);
                self.push(name);
            }
        }
    }

    fn text_value(&mut self) {
        match self.chance.below(6) {
            0..=2 => self.plain_text(),
            3 if self.left > 0 => {
                self.left -= 1;
                self.within("$string(", Self::any, ")");
            }
            4 if self.left > 0 => {
                self.left -= 1;
                self.operand(Self::any);
                self.push(" & ");
                self.operand(Self::any);
            }
            _ => self.push("name"),
        }
    }

    fn array_value(&mut self) {
        match self.chance.below(5) {
            0 | 1 => self.array(),
            2 => self.push("[1..5]"),
            3 => self.path(),
            _ => self.push("items"),
        }
    }

    fn object_value(&mut self) {
        match self.chance.below(4) {
            0 | 1 => self.object(),
            2 => self.push("a"),
            _ => self.push("$"),
        }
    }
}
