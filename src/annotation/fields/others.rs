//! Tags, annotators, speakers, claims and links as fields.

use super::{Fields, KEPT, Misfit, Record, Taker, put_kept, put_list, put_text};
use crate::annotation::{
    Agent, AgentId, AnnotationId, Claim, ClaimId, Link, LinkId, RecordRef, Rgb8, Speaker,
    SpeakerId, Tag, TagId, Timestamp, Vocabulary,
};

impl Record for Tag {
    type Id = TagId;

    fn reference(id: &TagId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "name", &self.name);
        put_text(&mut fields, "colour", &self.colour.to_string());
        put_text(&mut fields, "pattern", self.pattern.written());
        if let Some(key) = self.key {
            put_text(&mut fields, "key", key.encode_utf8(&mut [0; 4]));
        }
        put_text(&mut fields, "guideline", &self.guideline);
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let one_char = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let tag = Self {
            id: self.id.clone(),
            name: taker.text("name")?,
            colour: taker.parsed("colour", Rgb8::parse)?,
            pattern: taker.word("pattern")?,
            key: taker.parsed_if_any("key", one_char)?,
            guideline: taker.text("guideline")?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(tag)
    }
}

impl Record for Agent {
    type Id = AgentId;

    fn reference(id: &AgentId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "name", &self.name);
        put_text(&mut fields, "kind", self.kind.written());
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let agent = Self {
            id: self.id,
            name: taker.text("name")?,
            kind: taker.word("kind")?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(agent)
    }
}

impl Record for Speaker {
    type Id = SpeakerId;

    fn reference(id: &SpeakerId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "name", &self.name);
        put_list(&mut fields, "aliases", self.aliases.clone());
        put_text(&mut fields, "role", &self.role);
        put_text(&mut fields, "side", &self.side);
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let speaker = Self {
            id: self.id,
            name: taker.text("name")?,
            aliases: taker.list("aliases")?,
            role: taker.text("role")?,
            side: taker.text("side")?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(speaker)
    }
}

impl Record for Claim {
    type Id = ClaimId;

    fn reference(id: &ClaimId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "text", &self.text);
        put_text(&mut fields, "note", &self.note);
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let claim = Self {
            id: self.id,
            text: taker.text("text")?,
            note: taker.text("note")?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(claim)
    }
}

impl Record for Link {
    type Id = LinkId;

    fn reference(id: &LinkId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "from", &self.from.to_string());
        put_text(&mut fields, "to", &self.to.to_string());
        put_text(&mut fields, "kind", self.kind.written());
        put_text(&mut fields, "creator", &self.creator.to_string());
        put_text(&mut fields, "created", &self.created.to_string());
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let link = Self {
            id: self.id,
            from: taker.parsed("from", AnnotationId::parse)?,
            to: taker.parsed("to", AnnotationId::parse)?,
            kind: taker.word("kind")?,
            creator: taker.parsed("creator", AgentId::parse)?,
            created: taker.parsed("created", Timestamp::parse)?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(link)
    }
}
