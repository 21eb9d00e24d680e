//! The parts that the disk types are made of: records that keep what they do not know, names and times read in
//! place, words of which a newer version may have more.
//!
//! `#[derive(Deserialize)]` would drop unknown fields, and its `flatten` cannot read RON's struct syntax. The
//! macro [`record!`] is that derive plus an `else`: known fields are read straight into their types, and only
//! what is unknown is taken as written.

use super::limits::{MAX_FIELDS, MAX_PARTS, MAX_RECORDS, MAX_VALUE_BYTES, admit_string, count_one};
use crate::{anchor::Kept, format::shown};
use ::ron::value::RawValue;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Unexpected, Visitor},
};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// Declares a disk record: fields that must be there, fields that may be missing (and are empty then), and
/// `kept` for all others.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident as $written:literal {
            required { $($must:ident: $must_type:ty,)* }
            optional { $($may:ident: $may_type:ty,)* }
        }
    ) => {
        $(#[$doc])*
        pub(super) struct $name {
            $(pub(super) $must: $must_type,)*
            $(pub(super) $may: $may_type,)*
            pub(super) kept: Kept,
        }

        impl $name {
            /// The fields that this version knows.
            pub(super) const FIELDS: &[&str] = &[$(stringify!($must),)* $(stringify!($may),)*];
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("the record ", $written))
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        $(let mut $must: Option<$must_type> = None;)*
                        $(let mut $may: Option<$may_type> = None;)*
                        let mut unknown = Unknown::default();
                        while let Some(FieldName(field)) = map.next_key()? {
                            match field {
                                $(stringify!($must) => {
                                    if $must.is_some() {
                                        return Err(A::Error::duplicate_field(stringify!($must)));
                                    }
                                    $must = Some(map.next_value()?);
                                })*
                                $(stringify!($may) => {
                                    if $may.is_some() {
                                        return Err(A::Error::duplicate_field(stringify!($may)));
                                    }
                                    $may = Some(map.next_value()?);
                                })*
                                _ => {
                                    unknown.admit(field)?;
                                    unknown.keep(field, map.next_value()?)?;
                                }
                            }
                        }
                        Ok($name {
                            $($must: $must
                                .ok_or_else(|| A::Error::missing_field(stringify!($must)))?,)*
                            $($may: $may.unwrap_or_default(),)*
                            kept: unknown.into_kept(),
                        })
                    }
                }
                deserializer.deserialize_struct($written, Self::FIELDS, Fields)
            }
        }
    };
}
pub(super) use record;

/// The name of a field, borrowed from the file.
pub(super) struct FieldName<'de>(pub(super) &'de str);

impl<'de> Deserialize<'de> for FieldName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = FieldName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<FieldName<'de>, E> {
                Ok(FieldName(name))
            }
        }
        deserializer.deserialize_identifier(Name)
    }
}

/// Fields that this version does not know, as they are in the file.
#[derive(Default)]
pub(super) struct Unknown(BTreeMap<String, String>);

impl Unknown {
    /// Refuses a field that cannot be taken along, before its value is read, so that the error is on its line.
    ///
    /// # Errors
    /// When there are too many, or there is one of this name.
    pub(super) fn admit<E: Error>(&self, field: &str) -> Result<(), E> {
        if self.0.len() >= MAX_FIELDS {
            return Err(E::custom(format!(
                "there are more than {MAX_FIELDS} unknown fields in one record"
            )));
        }
        if self.0.contains_key(field) {
            return Err(E::custom(format!(
                "the field `{}` is there twice",
                shown(field, 60)
            )));
        }
        Ok(())
    }

    /// Takes one field along. What is around the value (blanks, comments) is left behind.
    ///
    /// # Errors
    /// When it is too long.
    pub(super) fn keep<E: Error>(&mut self, field: &str, value: &RawValue) -> Result<(), E> {
        let value = value.trim().get_ron();
        if value.len() > MAX_VALUE_BYTES || field.len() > MAX_VALUE_BYTES {
            return Err(E::custom(format!(
                "the unknown field `{}` is longer than {MAX_VALUE_BYTES} bytes",
                shown(field, 60)
            )));
        }
        self.0.insert(field.to_owned(), value.to_owned());
        Ok(())
    }

    /// Takes over what `first` has, in place of fields of the same names; returns those that were other there.
    pub(super) fn take_over(&mut self, first: Self) -> Vec<String> {
        let mut other = Vec::new();
        for (name, value) in first.0 {
            let replaced = self.0.insert(name.clone(), value.clone());
            if replaced.is_some_and(|replaced| replaced != value) {
                other.push(name);
            }
        }
        other
    }

    pub(super) fn into_kept(self) -> Kept {
        Kept::new(self.0)
    }
}

/// A field that may be missing though it is no option in the file.
pub(super) struct Given<T>(pub(super) Option<T>);

impl<T> Default for Given<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

/// A string of a length that is looked at before it is copied.
#[derive(Default)]
pub(super) struct Text(pub(super) String);

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl From<Text> for Box<str> {
    fn from(text: Text) -> Self {
        text.0.into_boxed_str()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                admit_string(text)?;
                Ok(Text(text.to_owned()))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
                admit_string(&text)?;
                Ok(Text(text))
            }
        }
        deserializer.deserialize_string(Any)
    }
}

/// What can be read from a string: a name, a time, a colour.
pub(super) trait FromText: Sized {
    /// What the string must be, for the message.
    const EXPECTED: &'static str;

    /// Returns the value, or `None` when the string is not one.
    fn from_text(text: &str) -> Option<Self>;
}

/// A value read from a string in place, without a copy of the string.
pub(super) struct Parsed<T>(pub(super) T);

impl<'de, T: FromText> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(PhantomData<T>);
        impl<T: FromText> Visitor<'_> for Text<T> {
            type Value = Parsed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Parsed<T>, E> {
                T::from_text(text)
                    .map(Parsed)
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(&shown(text, 80)), &self))
            }
        }
        deserializer.deserialize_str(Text(PhantomData))
    }
}

/// A word out of a list that a newer version may have made longer.
pub(super) trait FromWord: Sized {
    /// Returns the value of a word that this version knows.
    fn known(word: &str) -> Option<Self>;

    /// Returns the value that carries an unknown word along, with whatever it holds, as written.
    fn kept(written: String) -> Self;
}

/// A [`FromWord`] in the file: an enum variant, externally tagged.
pub(super) struct Word<T>(pub(super) T);

impl<'de, T: FromWord> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        if let Some(known) = T::known(raw.get_ron()) {
            return Ok(Self(known));
        }
        let written = raw.trim().get_ron();
        if let Some(known) = T::known(written) {
            return Ok(Self(known));
        }
        let is_variant = written
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && !is_raw_string(written);
        if !is_variant || written.len() > MAX_VALUE_BYTES {
            let found = shown(written, 80);
            return Err(D::Error::invalid_value(
                Unexpected::Other(&found),
                &"a word such as Direct",
            ));
        }
        Ok(Self(T::kept(written.to_owned())))
    }
}

/// Returns `r"…"`, `r#"…"#` and byte strings begin with a letter too.
fn is_raw_string(written: &str) -> bool {
    ["r\"", "b\"", "b'", "br\"", "br#", "r##", "r#\""]
        .iter()
        .any(|mark| written.starts_with(mark))
}

/// A list of at most `MAX` elements, which are taken over one by one, so that the file's form of all of them is
/// never in memory at once.
pub(super) struct List<D, T, const MAX: usize = MAX_PARTS>(pub(super) Vec<T>, PhantomData<D>);

/// A list of the file itself.
pub(super) type Table<D, T> = List<D, T, MAX_RECORDS>;

impl<D, T, const MAX: usize> Default for List<D, T, MAX> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}

impl<'de, D: Deserialize<'de> + Into<T>, T, const MAX: usize> Deserialize<'de> for List<D, T, MAX> {
    fn deserialize<X: Deserializer<'de>>(deserializer: X) -> Result<Self, X::Error> {
        struct Elements<D, T, const MAX: usize>(PhantomData<(D, T)>);
        impl<'de, D: Deserialize<'de> + Into<T>, T, const MAX: usize> Visitor<'de> for Elements<D, T, MAX> {
            type Value = List<D, T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = seq.next_element::<D>()? {
                    count_one(list.len(), MAX)?;
                    list.push(element.into());
                }
                Ok(List(list, PhantomData))
            }
        }
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// Names and values, both strings. A name given twice is an error, where serde would keep the last.
#[derive(Default)]
pub(super) struct StringMap(pub(super) BTreeMap<String, String>);

impl<'de> Deserialize<'de> for StringMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = StringMap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names and values, both in quotation marks")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StringMap, A::Error> {
                let mut pairs = BTreeMap::new();
                // The name is looked at before the value is read, so that the error is on its line.
                while let Some(Text(name)) = map.next_key()? {
                    count_one(pairs.len(), MAX_PARTS)?;
                    if pairs.contains_key(&name) {
                        return Err(A::Error::custom(format!(
                            "`{}` is there twice",
                            shown(&name, 60)
                        )));
                    }
                    pairs.insert(name, map.next_value::<Text>()?.0);
                }
                Ok(StringMap(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
