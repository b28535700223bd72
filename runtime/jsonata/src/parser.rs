//! From tokens to a tree, by operator precedence.

use stepwell_value::Str;

use crate::error::{Code, Error};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::raw::{Raw, RawKind, RawTerm};
use crate::signature::Signature;

/// How deep expressions may nest, counting a chain of binary operators as its length.
///
/// It bounds the stack that parsing, preparing and dropping an expression take. The service
/// evaluates nothing deeper than 100 anyway.
pub const PARSE_DEPTH_MAX: usize = 150;

/// Reads a whole expression.
pub(crate) fn parse(text: &str) -> Result<Box<Raw>, Error> {
    let mut lexer = Lexer::new(text);
    let token = lexer.operand()?;
    let mut parser = Parser { lexer, token, nesting: 0 };
    let tree = parser.expression(0)?;
    match &parser.token.kind {
        TokenKind::End => Ok(tree),
        _ => Err(parser.refuse(Code::S0201)),
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    nesting: usize,
}

fn binding_power(operator: &str) -> u8 {
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "^" | "!=" | "<=" | ">=" | "~>" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

impl Parser<'_> {
    fn expression(&mut self, power: u8) -> Result<Box<Raw>, Error> {
        self.nesting += 1;
        if self.nesting > PARSE_DEPTH_MAX {
            return Err(too_deep(self.token.position));
        }
        let token = self.next_operator()?;
        let mut left = self.operand(token)?;
        while let TokenKind::Operator(operator) = self.token.kind
            && binding_power(operator) > power
        {
            let position = self.token.position;
            self.next_operand()?;
            left = self.infix(operator, position, left)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// Takes the current token; what follows stands behind an operand.
    fn next_operator(&mut self) -> Result<Token, Error> {
        let next = self.lexer.operator()?;
        check(&next)?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Takes the current token; what follows starts an operand.
    fn next_operand(&mut self) -> Result<Token, Error> {
        let next = self.lexer.operand()?;
        check(&next)?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is_at(&self, symbol: &str) -> bool {
        matches!(self.token.kind, TokenKind::Operator(found) if found == symbol)
    }

    /// Passes a symbol behind which an operand comes.
    fn expect(&mut self, symbol: &'static str) -> Result<(), Error> {
        self.require(symbol)?;
        self.next_operand().map(|_| ())
    }

    /// Passes a closing symbol.
    fn close(&mut self, symbol: &'static str) -> Result<(), Error> {
        self.require(symbol)?;
        self.next_operator().map(|_| ())
    }

    fn require(&self, symbol: &'static str) -> Result<(), Error> {
        if self.is_at(symbol) {
            return Ok(());
        }
        let code = if self.token.kind == TokenKind::End { Code::S0203 } else { Code::S0202 };
        Err(self.refuse(code).value(symbol))
    }

    /// An error about the current token.
    fn refuse(&self, code: Code) -> Error {
        refuse(code, &self.token)
    }

    /// Passes a symbol if it is there.
    fn accept(&mut self, symbol: &'static str) -> Result<bool, Error> {
        let is_there = self.is_at(symbol);
        if is_there {
            self.next_operand()?;
        }
        Ok(is_there)
    }

    fn operand(&mut self, token: Token) -> Result<Box<Raw>, Error> {
        let position = token.position;
        let kind = match token.kind {
            TokenKind::Name(name) => RawKind::Name(name),
            TokenKind::Variable(name) => RawKind::Variable(name),
            TokenKind::Text(text) => RawKind::Text(text),
            TokenKind::Number(number) => RawKind::Number(number),
            TokenKind::Literal(value) => RawKind::Literal(value),
            TokenKind::Regex(source) => RawKind::Regex(source),
            TokenKind::Operator("and") => RawKind::Name("and".into()),
            TokenKind::Operator("or") => RawKind::Name("or".into()),
            TokenKind::Operator("in") => RawKind::Name("in".into()),
            TokenKind::Operator("*") => RawKind::Wildcard,
            TokenKind::Operator("**") => RawKind::Descendants,
            TokenKind::Operator("%") => RawKind::Parent,
            TokenKind::Operator("-") => {
                let operand = self.expression(70)?;
                return node(position, operand.depth, RawKind::Negate(operand));
            }
            TokenKind::Operator("(") => return self.block(position),
            TokenKind::Operator("[") => return self.array(position),
            TokenKind::Operator("{") => {
                let (pairs, depth) = self.pairs()?;
                return node(position, depth, RawKind::Object(pairs));
            }
            TokenKind::Operator("|") => return self.transform(position),
            TokenKind::End => return Err(refuse(Code::S0207, &token)),
            TokenKind::Operator(_) => return Err(refuse(Code::S0211, &token)),
        };
        node(position, 0, kind)
    }

    fn infix(
        &mut self,
        operator: &'static str,
        position: usize,
        left: Box<Raw>,
    ) -> Result<Box<Raw>, Error> {
        match operator {
            "[" => self.predicate(position, left),
            "(" => self.call(position, left),
            "{" => {
                let (pairs, depth) = self.pairs()?;
                let depth = depth.max(left.depth);
                node(position, depth, RawKind::Group(left, pairs))
            }
            "^" => self.sort(position, left),
            "?" => self.condition(position, left),
            ":=" => self.bind(position, *left),
            "@" | "#" => self.variable_binding(operator, position, left),
            _ => {
                let right = self.expression(binding_power(operator))?;
                let depth = left.depth.max(right.depth);
                let kind = RawKind::Binary(operator, left, right);
                node(position, depth, kind)
            }
        }
    }

    fn block(&mut self, position: usize) -> Result<Box<Raw>, Error> {
        let mut parts = Vec::new();
        while !self.is_at(")") {
            parts.push(*self.expression(0)?);
            if !self.accept(";")? {
                break;
            }
        }
        self.close(")")?;
        node(position, deepest(&parts), RawKind::Block(parts))
    }

    fn array(&mut self, position: usize) -> Result<Box<Raw>, Error> {
        let mut items = Vec::new();
        if !self.is_at("]") {
            loop {
                let item = self.expression(0)?;
                items.push(if self.is_at("..") { *self.range(item)? } else { *item });
                if !self.accept(",")? {
                    break;
                }
            }
        }
        self.close("]")?;
        node(position, deepest(&items), RawKind::Array(items))
    }

    fn range(&mut self, first: Box<Raw>) -> Result<Box<Raw>, Error> {
        let position = self.token.position;
        self.expect("..")?;
        let last = self.expression(0)?;
        let depth = first.depth.max(last.depth);
        node(position, depth, RawKind::Binary("..", first, last))
    }

    fn pairs(&mut self) -> Result<(Vec<(Raw, Raw)>, usize), Error> {
        let (mut pairs, mut depth) = (Vec::new(), 0);
        if !self.is_at("}") {
            loop {
                let name = self.expression(0)?;
                self.expect(":")?;
                let value = self.expression(0)?;
                depth = depth.max(name.depth).max(value.depth);
                pairs.push((*name, *value));
                if !self.accept(",")? {
                    break;
                }
            }
        }
        self.close("}")?;
        Ok((pairs, depth))
    }

    fn transform(&mut self, position: usize) -> Result<Box<Raw>, Error> {
        let pattern = self.expression(0)?;
        self.expect("|")?;
        let update = self.expression(0)?;
        let delete = if self.accept(",")? { Some(self.expression(0)?) } else { None };
        self.close("|")?;
        let depth = pattern.depth.max(update.depth).max(delete.as_ref().map_or(0, |d| d.depth));
        node(position, depth, RawKind::Transform { pattern, update, delete })
    }

    fn predicate(&mut self, position: usize, mut left: Box<Raw>) -> Result<Box<Raw>, Error> {
        if self.is_at("]") {
            let mut step = &mut *left;
            while let RawKind::Predicate(inner, _) = &mut step.kind {
                step = inner;
            }
            step.keep_array = true;
            self.close("]")?;
            return Ok(left);
        }
        let filter = self.expression(0)?;
        self.close("]")?;
        let depth = left.depth.max(filter.depth);
        node(position, depth, RawKind::Predicate(left, filter))
    }

    fn call(&mut self, position: usize, procedure: Box<Raw>) -> Result<Box<Raw>, Error> {
        let (mut arguments, mut is_partial) = (Vec::new(), false);
        if !self.is_at(")") {
            loop {
                if self.is_at("?") {
                    is_partial = true;
                    arguments.push(*node(self.token.position, 0, RawKind::Placeholder)?);
                    self.next_operator()?;
                } else {
                    arguments.push(*self.expression(0)?);
                }
                if !self.accept(",")? {
                    break;
                }
            }
        }
        self.close(")")?;
        if let RawKind::Name(name) = &procedure.kind
            && matches!(&**name, "function" | "λ")
        {
            return self.lambda(position, arguments);
        }
        let depth = procedure.depth.max(deepest(&arguments));
        node(position, depth, RawKind::Call { procedure, arguments, is_partial })
    }

    fn lambda(&mut self, position: usize, arguments: Vec<Raw>) -> Result<Box<Raw>, Error> {
        let mut parameters = Vec::<Str>::with_capacity(arguments.len());
        for (nth, argument) in arguments.into_iter().enumerate() {
            let RawKind::Variable(name) = argument.kind else {
                let error = Error::new(Code::S0208).at(argument.position).token(argument.token());
                return Err(error.value(crate::number::from_count(nth + 1)));
            };
            parameters.push(name);
        }
        let signature = if self.is_at("<") { Some(self.signature()?) } else { None };
        self.expect("{")?;
        let body = self.expression(0)?;
        self.close("}")?;
        let depth = body.depth;
        node(position, depth, RawKind::Lambda { parameters, signature, body })
    }

    /// A signature is written in the language's own tokens: they are joined and read again.
    fn signature(&mut self) -> Result<Signature, Error> {
        let start = self.token.position;
        let mut text = String::from("<");
        let mut depth = 1;
        while depth > 0 && !self.is_at("{") && self.token.kind != TokenKind::End {
            self.next_operator()?;
            match &self.token.kind {
                TokenKind::Operator(">") => depth -= 1,
                TokenKind::Operator("<") => depth += 1,
                _ => {}
            }
            push_token(&mut text, &self.token.kind);
        }
        self.close(">")?;
        Signature::parse(&text).map_err(|(code, offset)| Error::new(code).at(start + offset))
    }

    fn sort(&mut self, position: usize, left: Box<Raw>) -> Result<Box<Raw>, Error> {
        self.expect("(")?;
        let (mut terms, mut depth) = (Vec::new(), left.depth);
        loop {
            let is_descending = self.is_at(">");
            if is_descending || self.is_at("<") {
                self.next_operand()?;
            }
            let expression = self.expression(0)?;
            depth = depth.max(expression.depth);
            terms.push(RawTerm { expression: *expression, is_descending });
            if !self.accept(",")? {
                break;
            }
        }
        self.close(")")?;
        node(position, depth, RawKind::Sort(left, terms))
    }

    fn condition(&mut self, position: usize, test: Box<Raw>) -> Result<Box<Raw>, Error> {
        let then = self.expression(0)?;
        let otherwise = if self.accept(":")? { Some(self.expression(0)?) } else { None };
        let depth = test.depth.max(then.depth).max(otherwise.as_ref().map_or(0, |raw| raw.depth));
        node(position, depth, RawKind::Condition(test, then, otherwise))
    }

    fn bind(&mut self, position: usize, left: Raw) -> Result<Box<Raw>, Error> {
        let RawKind::Variable(name) = left.kind else {
            return Err(Error::new(Code::S0212).at(left.position).token(left.token()));
        };
        let value = self.expression(binding_power(":=") - 1)?;
        let depth = value.depth;
        node(position, depth, RawKind::Bind(name, value))
    }

    fn variable_binding(
        &mut self,
        operator: &'static str,
        position: usize,
        left: Box<Raw>,
    ) -> Result<Box<Raw>, Error> {
        let right = self.expression(80)?;
        let RawKind::Variable(name) = right.kind else {
            return Err(Error::new(Code::S0214).at(right.position).token(operator));
        };
        let (depth, left) = (left.depth, left);
        let kind =
            if operator == "@" { RawKind::Focus(left, name) } else { RawKind::Index(left, name) };
        node(position, depth, kind)
    }
}

/// Refuses what looks like an operator and is none.
fn check(token: &Token) -> Result<(), Error> {
    match token.kind {
        TokenKind::Operator(symbol @ ("!" | "~")) => {
            Err(Error::new(Code::S0204).at(token.position).token(symbol))
        }
        _ => Ok(()),
    }
}

fn refuse(code: Code, token: &Token) -> Error {
    let error = Error::new(code).at(token.position);
    match &token.kind {
        TokenKind::Operator(symbol) => error.token(*symbol),
        TokenKind::Name(text) | TokenKind::Variable(text) | TokenKind::Text(text) => {
            error.token(Str::clone(text))
        }
        TokenKind::Number(value) | TokenKind::Literal(value) => error.token(value.clone()),
        TokenKind::Regex(source) => error.token(Str::clone(&source.pattern)),
        TokenKind::End => error.token("(end)"),
    }
}

fn push_token(text: &mut String, token: &TokenKind) {
    match token {
        TokenKind::Operator(symbol) => text.push_str(symbol),
        TokenKind::Name(name) => text.push_str(name),
        TokenKind::Literal(value) => text.push_str(&value.to_string()),
        _ => {}
    }
}

fn deepest(parts: &[Raw]) -> usize {
    parts.iter().map(|part| part.depth).max().unwrap_or(0)
}

/// A node above children of that depth, in a box: so the stack of a deep expression stays small.
#[inline(never)]
fn node(position: usize, below: usize, kind: RawKind) -> Result<Box<Raw>, Error> {
    if below >= PARSE_DEPTH_MAX {
        return Err(too_deep(position));
    }
    Ok(Box::new(Raw { kind, position, depth: below + 1, keep_array: false }))
}

fn too_deep(position: usize) -> Error {
    Error::new(Code::TooDeep).at(position).value(crate::number::from_count(PARSE_DEPTH_MAX))
}

#[cfg(test)]
mod tests;
