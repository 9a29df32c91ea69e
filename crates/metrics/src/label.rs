//! Labels whose values are known when this program is compiled.

/// A label, with all values that it can have.
pub trait Label: Copy + Send + Sync + 'static {
    /// What the label is called.
    const NAME: &'static str;
    /// All values, each at its own [`index`](Label::index).
    const ALL: &'static [Self];

    /// The value as it is told.
    fn text(self) -> &'static str;

    /// Where this value stands among [`ALL`](Label::ALL).
    fn index(self) -> usize;
}

/// Makes an enum a label: `label! { /// … pub enum Outcome = "outcome" { /// … Accepted = "accepted", } }`.
#[macro_export]
macro_rules! label {
    (
        $(#[$about:meta])*
        $public:vis enum $Enum:ident = $name:literal {
            $($(#[$each:meta])* $Value:ident = $text:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $public enum $Enum { $($(#[$each])* $Value,)* }

        impl $crate::label::Label for $Enum {
            const NAME: &'static str = $name;
            const ALL: &'static [$Enum] = &[$($Enum::$Value,)*];

            fn text(self) -> &'static str {
                match self { $($Enum::$Value => $text,)* }
            }

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}
