int reading_scaled(int scale);
