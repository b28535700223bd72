//! `Assign`: the variables that a state sets when it is left.

use stepwell_value::Value;

use crate::Template;

use super::fields::Fields;
use super::place::At;
use super::template::{Stage, template};
use super::{Draft, scope};

/// The longest name that the service gives a variable, in characters.
const NAME_LENGTH_MAX: usize = 80;

pub(super) fn read(draft: &mut Draft, fields: &mut Fields<'_>, stage: Stage) -> Option<Template> {
    match fields.object.get("Assign") {
        Some(Value::Object(variables)) => {
            let location = fields.at("Assign");
            for name in variables.keys() {
                check_name(draft, location, scope::variable_name(name));
            }
            template(draft, fields, "Assign", stage)
        }
        Some(other) => {
            fields.ignore("Assign");
            fields.wrong_type(draft, "Assign", "an object", other)
        }
        None => {
            fields.ignore("Assign");
            None
        }
    }
}

/// A name is an identifier of Unicode (UAX #31) without marks; `states` is taken.
fn check_name(draft: &mut Draft, location: At<'_>, name: &str) {
    let mut characters = name.chars();
    let starts_well = characters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let goes_on_well = characters.all(|c| c.is_alphanumeric() || c == '_');
    if !starts_well || !goes_on_well {
        let message = format!(
            "Variable name '{name}' is not valid: a name begins with a letter and has letters, \
             digits and underscores"
        );
        draft.schema(location, message);
    } else if name.chars().count() > NAME_LENGTH_MAX {
        let message = format!("Variable name '{name}' is longer than {NAME_LENGTH_MAX} characters");
        draft.schema(location, message);
    } else if name == "states" {
        draft.schema(location, "Variable name 'states' is reserved");
    } else if scope::is_outer(draft, name) {
        let message = format!("Variable '{name}' is assigned in an outer scope already");
        draft.schema(location, message);
    }
}
