//! Which points belong to a ball.

/// Whether a point at exactly the radius counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ball {
    /// Distance below the radius.
    Open,
    /// Distance up to the radius.
    Closed,
}

impl Ball {
    /// Whether a point at `distance` lies in the ball of `radius`.
    #[must_use]
    pub fn holds(self, distance: f64, radius: f64) -> bool {
        match self {
            Self::Open => distance < radius,
            Self::Closed => distance <= radius,
        }
    }
}
